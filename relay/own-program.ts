// How a program of ours is run beside the relay: as the relay itself is run.

import { dirname, extname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The part of Deno that says whether we are one file made by `deno compile`. */
declare const Deno: { readonly build: { readonly standalone?: boolean } };

export interface OwnProgram {
  /** What has to be there. */
  readonly file: string;
  readonly command: string;
  /** Before the program's own arguments. */
  readonly args: readonly string[];
}

/** Beside us, as source or compiled; of a relay that is one file the program is another one in the same folder. */
export function ownProgram(name: 'ingest'): OwnProgram {
  const { execPath, execArgv } = process;
  if ('Deno' in globalThis && Deno.build.standalone) {
    const file = join(dirname(execPath), `p2p-live-${name}${extname(execPath)}`);
    return { file, command: file, args: [] };
  }
  const file = fileURLToPath(new URL(`../${name}/main${extname(import.meta.url)}`, import.meta.url));
  // Deno's permissions, or Node's loaders.
  const before =
    'Deno' in globalThis
      ? ['run', '-A', '--unstable-net', '--no-prompt']
      : execArgv.filter(argument => !/^--(inspect|test|eval|print|watch)/.test(argument));
  return { file, command: execPath, args: [...before, file] };
}
