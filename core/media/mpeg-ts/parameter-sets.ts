// The parameter sets of a stream of AVC or HEVC, as they come between its pictures.

import { type Bytes, equalBytes } from '../../bytes.ts';
import type { VideoTrack } from '../track.ts';
import type { AnnexBCodec } from './annex-b-codec.ts';

/** Keeps the parameter sets of a stream by kind and id. */
export class ParameterSets {
  readonly #codec: AnnexBCodec;
  #sets: Map<number, Bytes>[] = [new Map(), new Map(), new Map()];
  #changed = false;
  /** Pictures may be fields, of which two make an access unit. */
  hasFields = false;

  constructor(codec: AnnexBCodec) {
    this.#codec = codec;
  }

  /** Takes those of one access unit. With a key picture, a complete collection replaces what was known. */
  take(nals: readonly Bytes[], key: boolean): void {
    const found: Map<number, Bytes>[] = [new Map(), new Map(), new Map()];
    for (const nal of nals) {
      const set = this.#codec.parameterSet(nal);
      if (set) found[set.order]?.set(set.id, nal);
    }
    const replaces = key && this.#sets.every((known, order) => known.size === 0 || found[order]!.size > 0);
    const next = replaces ? found : this.#sets.map((known, order) => new Map([...known, ...found[order]!]));
    if (next.every((sets, order) => sameSets(sets, this.#sets[order]!))) return;
    // The views lie in a buffer that is used again.
    this.#sets = next.map(sets => new Map([...sets].map(([id, nal]) => [id, nal.slice()])));
    this.#changed = true;
    this.hasFields = this.#codec.hasFields(this.#lists());
  }

  /** The track, when the sets have changed since the last call and describe one. */
  changedTrack(id: number): VideoTrack | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return this.#codec.track(id, this.#lists());
  }

  #lists(): Bytes[][] {
    return this.#sets.map(sets => [...sets.values()]);
  }
}

function sameSets(a: ReadonlyMap<number, Bytes>, b: ReadonlyMap<number, Bytes>): boolean {
  if (a.size !== b.size) return false;
  for (const [id, nal] of a) {
    const other = b.get(id);
    if (!other || !equalBytes(nal, other)) return false;
  }
  return true;
}
