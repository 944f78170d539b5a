// A viewer tells the relay now and then how playing goes, with peers or without. Counts are since its report before.

import type { Millis } from '../time.ts';
import type { Codec } from './codec.ts';

/**
 * What a viewer's network lets through, as far as its ICE candidates tell. `open`: it can be reached as it is. `cone`: by an address that a STUN
 * server tells. `symmetric`: that address is another for each who asks, so often only TURN helps. `blocked`: not even STUN gets through.
 */
export const NAT_KINDS = ['unknown', 'open', 'cone', 'symmetric', 'blocked'] as const;

export type NatKind = (typeof NAT_KINDS)[number];

export interface QualityReport {
  /** Times that playback ran dry, and how long it did. */
  readonly stalls: number;
  readonly stalledMs: Millis;
  readonly playedMs: Millis;
  /** Capture to showing; 0 while unknown, or where the viewer is behind live by its own wish. */
  readonly latencyMs: Millis;
  /** From the wish to watch to the first picture; 0: told before. */
  readonly startupMs: Millis;
  readonly nat: NatKind;
  /** The name of its time zone, such as `Europe/Berlin`; empty while unknown. At most `MAX_PLACE` bytes. */
  readonly place: string;
}

/** The longest names of time zones have 32. */
export const MAX_PLACE = 40;

export const qualityReport: Codec<QualityReport> = {
  type: 40,
  name: 'quality-report',
  maxSize: 96,
  write(writer, { stalls, stalledMs, playedMs, latencyMs, startupMs, nat, place }) {
    writer.varint(stalls).varint(stalledMs).varint(playedMs).varint(latencyMs).varint(startupMs);
    writer.u8(NAT_KINDS.indexOf(nat)).text(place);
  },
  read(reader) {
    const [stalls, stalledMs, playedMs] = [reader.varint(), reader.varint(), reader.varint()];
    const [latencyMs, startupMs] = [reader.varint(), reader.varint()];
    const nat = NAT_KINDS[reader.u8()] ?? 'unknown'; // other kinds are room to grow
    return { stalls, stalledMs, playedMs, latencyMs, startupMs, nat, place: reader.text(MAX_PLACE) };
  },
};
