// Which version of p2p-live this is.

import { readFileSync } from 'node:fs';

/** From the package's own file, wherever this one lies in it: as source or compiled. `unknown` where it isn't there. */
export function packageVersion(): string {
  for (const path of ['../../package.json', '../../../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (typeof found !== 'object' || found === null || Reflect.get(found, 'name') !== 'p2p-live') continue;
      const version: unknown = Reflect.get(found, 'version');
      if (typeof version === 'string') return version;
    } catch {
      // not there
    }
  }
  return 'unknown';
}
