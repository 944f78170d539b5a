// Which packages a program needs where it runs, by the lock file.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** By folder in `root`, such as `node_modules/ws`: whether a package is needed where the programs run. */
export type PackageNeeds = ReadonlyMap<string, boolean>;

/** All packages of the lock file; needed are production dependencies that are installed, but those left out and what only they need. */
export function packageNeeds(root: string, leftOut: readonly string[]): PackageNeeds {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const needed = new Set<string>();
  const visit = (from: string): void => {
    const { dependencies, optionalDependencies } = packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (from === '' && leftOut.includes(name)) continue;
      const folder = resolve(packages, from, name);
      if (folder === undefined || needed.has(folder) || !existsSync(join(root, folder))) continue;
      needed.add(folder);
      visit(folder);
    }
  };
  visit('');
  return new Map(Object.keys(packages).map(folder => [folder, needed.has(folder)]));
}

/** As Node looks for it: beside, then further and further up. */
function resolve(packages: Readonly<Record<string, Locked>>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const folder = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (folder in packages) return folder;
    if (at === '') return undefined;
  }
}
