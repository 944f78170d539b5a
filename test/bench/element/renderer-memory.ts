// Memory of the process that shows a page, from /proc (Linux).

import { readdirSync, readFileSync } from 'node:fs';

/** MB (10^6 bytes) that the largest renderer below `browser` has for itself: neither the program's file nor what is shared with it. */
export function rendererMb(browser: number): number {
  let largest = 0;
  for (const pid of descendantsOf(browser)) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
      largest = Math.max(largest, ((kilobytes('RssAnon') + kilobytes('RssShmem')) * 1_024) / 1e6);
    } catch {
      // it has ended
    }
  }
  return largest;
}

function descendantsOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      parents.set(Number(name), Number(fields[1]));
    } catch {
      // it has ended
    }
  }
  const below = (pid: number): boolean => pid === root || (parents.has(pid) && below(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(below);
}
