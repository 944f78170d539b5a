// Where servers and viewers of the benchmark run: all on this machine's loopback, or each in a namespace of the lab.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program and its arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** Says how to reach the servers, and how to start a program at some host. Host 0 is the servers', 1…N the viewers'. */
export interface Place {
  /** The servers' host, as viewers name it. */
  readonly server: string;
  /** What servers bind to. */
  readonly listen: string;
  /** Flags that Chromium needs here to treat this page's origin as it would a secure one. */
  flags(origin: string): readonly string[];
  at(host: number, command: Command): Command;
}

/** Everything on 127.0.0.1, which browsers take for secure. */
export const LOOPBACK: Place = {
  server: '127.0.0.1',
  listen: '127.0.0.1',
  flags: () => [],
  at: (_, command) => command,
};

/** Inside of netlab: `server` is the address of lab0. */
export function labPlace(server: string): Place {
  return {
    server,
    listen: '0.0.0.0',
    flags: origin => [`--unsafely-treat-insecure-origin-as-secure=${origin}`],
    at: (host, { command, args }) => ({ command: 'ip', args: ['netns', 'exec', `lab${host}`, command, ...args] }),
  };
}

/** A script that starts `program` at a host, for whoever takes a path only. It lies in `folder`. */
export function startScript(place: Place, host: number, program: string, folder: string): string {
  const { command, args } = place.at(host, { command: program, args: [] });
  if (command === program) return program;
  const path = join(folder, `at-host-${host}.sh`);
  const quoted = [command, ...args].map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  writeFileSync(path, `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
