// The relay with a crowd on it: thousands of viewers of a small channel, and one who doesn't read. Are all of them held, and within which memory?

import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ByteReader } from '../../core/bytes.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { chunk, ping, pong, skipped, subscribe } from '../../core/wire/index.ts';
import { residentMb } from './process-load.ts';
import type { Contestant, Round, Start } from './relay-contestants.ts';
import { type Figures, run, type Witness } from './relay-measure.ts';
import { now } from './viewer-figures.ts';

/** What a crowd's round is, where nobody says otherwise. */
export const CROWD = { mbps: 0.25, seconds: 12, runs: 1 } as const;

/** What is seen besides. */
export interface CrowdFigures extends Figures {
  /** The most resident memory of the server, and what it had more of at the end of the measurement than at its beginning. */
  readonly rss_peak_mb: number;
  readonly rss_grown_mb: number;
  /** Of the viewer that did not read: chunks that it was told it missed, and how old the newest that it had was in the end. Null where there was none. */
  readonly slow_skipped: number | null;
  readonly slow_behind_ms: number | null;
}

/** Part of the measurement in which the slow viewer doesn't read. */
const PAUSED = 0.75;
/** It is at the live edge again when what it has is no older. */
const AT_THE_EDGE_MS = 1_500;
/** More than this for the server itself, and for each viewer, is too much. */
const BASE_MB = 250;
const VIEWER_MB = 0.25;
/** What a measurement may add to it: windows and heaps that fill. */
const GROWN_MB = 100;
const SAMPLE_MS = 500;

/** Plays one round. */
export async function holdCrowd(start: Start, round: Round): Promise<CrowdFigures> {
  const watch = new CrowdWatch(round.seconds);
  const figures = await run(start, round, watch);
  return { ...figures, ...watch.figures };
}

/** What was not held, in sentences; empty: all of it was. */
export function faultsOf(figures: CrowdFigures, viewers: number): string[] {
  const { lost, rss_peak_mb: peak, rss_grown_mb: grown, slow_skipped: missed, slow_behind_ms: behind } = figures;
  const most = BASE_MB + viewers * VIEWER_MB;
  return [
    ...(lost > 0 ? [`${lost} chunks were lost`] : []),
    ...(peak > most ? [`${peak} MB of memory, more than ${most}`] : []),
    ...(grown > GROWN_MB ? [`the memory grew by ${grown} MB`] : []),
    ...(missed === 0 ? ['the slow viewer was not moved to the live edge'] : []),
    ...((behind ?? 0) > AT_THE_EDGE_MS ? [`the slow viewer was ${behind} ms behind in the end`] : []),
  ];
}

class CrowdWatch implements Witness {
  readonly #pausedMs: number;
  #slow: SlowViewer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #look: () => number = () => 0;
  #peak = 0;
  #before = 0;
  #grown = 0;

  constructor(seconds: number) {
    this.#pausedMs = seconds * 1_000 * PAUSED;
  }

  async joined({ server, url, transport }: Contestant): Promise<void> {
    this.#look = () => residentMb(server.pid);
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    if (transport !== 'http-flv') this.#slow = await SlowViewer.open(url);
  }

  begins(): void {
    this.#before = this.#sample();
    this.#slow?.pause(this.#pausedMs);
  }

  over(): void {
    clearInterval(this.#timer);
    this.#grown = this.#before === 0 ? 0 : this.#sample() - this.#before;
    this.#slow?.close();
  }

  get figures() {
    const whole = (mb: number) => Math.round(mb);
    return {
      rss_peak_mb: whole(this.#peak),
      rss_grown_mb: whole(this.#grown),
      slow_skipped: this.#slow?.skipped ?? null,
      slow_behind_ms: this.#slow ? Math.round(this.#slow.behindMs) : null,
    };
  }

  #sample(): number {
    try {
      const now = this.#look();
      this.#peak = Math.max(this.#peak, now);
      return now;
    } catch {
      return this.#before; // it has ended, which the measurement tells
    }
  }
}

/** A viewer over WebSocket that stops reading for a while. */
class SlowViewer {
  readonly #socket: WebSocket;
  #newest = 0;
  #closedAt: number | undefined;
  /** Chunks that the relay said it left out. */
  skipped = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const link = webSocketLink(socket);
    link.receive = (type, body) => {
      if (type === chunk.type) {
        this.#newest = Math.max(this.#newest, new ByteReader(decodeBody(chunk, body).payload).f64());
      } else if (type === skipped.type) {
        const { from, to } = decodeBody(skipped, body);
        this.skipped += to - from;
      } else if (type === ping.type) {
        link.send(encodeMessage(pong, { sentAt: decodeBody(ping, body).sentAt, clock: Math.floor(now()) }));
      }
    };
    link.send(encodeMessage(subscribe, { version: WIRE_VERSION, channel: 'bench' }));
  }

  static async open(url: string): Promise<SlowViewer> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/p2p-live`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new SlowViewer(socket);
  }

  /** How long ago the newest chunk that it has was sent. */
  get behindMs(): number {
    return (this.#closedAt ?? now()) - this.#newest;
  }

  pause(ms: number): void {
    this.#socket.pause();
    void delay(ms).then(() => this.#socket.resume());
  }

  close(): void {
    this.#closedAt = now();
    this.#socket.terminate();
  }
}
