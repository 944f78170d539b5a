// How much processor time trees of processes use, those that come and go included (Linux).

import { readdirSync, readFileSync } from 'node:fs';
import { cpuSeconds } from '../process-load.ts';

/** Adds up what the trees of named groups use from one `look` to the next; the more often it looks, the less it misses. A process may be of several groups. */
export class CpuMeter {
  readonly #groups = new Map<string, Set<number>>();
  readonly #used = new Map<string, number>();
  /** CPU seconds of each process at the last look. */
  #seen = new Map<number, number>();

  /** Counts the process and all its descendants from now on as of `group`. */
  add(group: string, root: number): void {
    this.#groups.set(group, (this.#groups.get(group) ?? new Set()).add(root));
  }

  /** CPU seconds that each group has used since the meter's first look at each of its processes. */
  look(): ReadonlyMap<string, number> {
    const children = childrenByParent();
    const seen = new Map<number, number>();
    for (const [group, roots] of this.#groups) {
      let used = this.#used.get(group) ?? 0;
      for (const pid of descendants(roots, children)) {
        const now = secondsOf(pid);
        if (now === undefined) continue;
        used += now - (this.#seen.get(pid) ?? now);
        seen.set(pid, now);
      }
      this.#used.set(group, used);
    }
    this.#seen = seen;
    return new Map(this.#used);
  }
}

function secondsOf(pid: number): number | undefined {
  try {
    return cpuSeconds(pid);
  } catch {
    return undefined; // it has ended
  }
}

function* descendants(roots: Iterable<number>, children: ReadonlyMap<number, readonly number[]>): Generator<number> {
  for (const root of roots) {
    yield root;
    yield* descendants(children.get(root) ?? [], children);
  }
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // it has ended
    }
  }
  return children;
}
