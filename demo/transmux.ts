// `npm run transmux -- IN OUT.mp4`: runs the page's own pipeline over an FLV or MPEG-TS file and writes what it makes as one fragmented MP4.

import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { extname } from 'node:path';
import { type Bytes, concat, NO_BYTES } from '../core/bytes.ts';
import { NotThisMedia } from '../core/errors.ts';
import type { Container } from '../core/init-document.ts';
import { createTransmuxer } from '../core/media/create-transmuxer.ts';
import { FlvDemuxer } from '../core/media/flv/flv-demuxer.ts';
import { initSegment } from '../core/media/isobmff/init-segment.ts';
import { TsDemuxer } from '../core/media/mpeg-ts/ts-demuxer.ts';
import type { MediaTrack } from '../core/media/track.ts';
import { TRACK_ID, type TransmuxEvent } from '../core/media/transmuxer.ts';
import { TICKS_PER_SECOND, type Ticks } from '../core/time.ts';
import { SNIFF_BYTES, sniff, sniffFault } from '../ingest/sources/sniff.ts';

const USAGE = `Usage: npm run transmux -- IN OUT.mp4
  IN       an FLV or MPEG-TS file, or - for standard input
  OUT.mp4  the MP4 to write, or - for standard output. Where the stream's configuration changes
           (another picture size, another codec), OUT.2.mp4 and so on follow.`;

/** Bytes read at once. */
const PIECE = 65_536;
/** Bytes looked through for the tracks and the first timestamp. */
const PROBE = 4 * 1_048_576;

class Refused extends Error {}

/** Writes init segment and fragments; a new part for each configuration. */
class Mp4Writer {
  readonly #path: string;
  #file: WriteStream | NodeJS.WriteStream | undefined;
  #tracks = new Map<MediaTrack['kind'], MediaTrack>();
  #waiting: Bytes[] = [];
  #expected: ReadonlySet<MediaTrack['kind']>;
  #failure: Error | undefined;
  parts = 0;
  bytes = 0;

  constructor(path: string, expected: ReadonlySet<MediaTrack['kind']>) {
    this.#path = path;
    this.#expected = expected;
  }

  /** Takes an event in order; resolves when there is room for more. */
  async take(event: TransmuxEvent): Promise<void> {
    if (event.type === 'init') {
      if (this.#file) await this.#finishPart();
      this.#tracks.set(event.kind, event.track);
    } else if (event.type === 'fragment') {
      if (this.#file) await this.#write(event.bytes);
      else this.#waiting.push(event.bytes);
      if (!this.#file && [...this.#expected].every(kind => this.#tracks.has(kind))) await this.#startPart();
    }
  }

  /** Writes what waits and closes the last part. */
  async end(): Promise<void> {
    if (this.#waiting.length > 0) await this.#startPart();
    await this.#finishPart();
  }

  async #startPart(): Promise<void> {
    this.parts++;
    const stem = extname(this.#path) ? this.#path.slice(0, -extname(this.#path).length) : this.#path;
    const path = this.parts === 1 ? this.#path : `${stem}.${this.parts}${extname(this.#path)}`;
    this.#file = path === '-' || this.#path === '-' ? process.stdout : createWriteStream(path);
    this.#file.on('error', error => {
      this.#failure ??= error;
    });
    const tracks = [...this.#tracks.values()].map(track => ({ trackId: TRACK_ID[track.kind], track }));
    await this.#write(initSegment(tracks));
    for (const bytes of this.#waiting.splice(0)) await this.#write(bytes);
  }

  async #write(bytes: Bytes): Promise<void> {
    this.bytes += bytes.length;
    await new Promise<void>(resolve => this.#file!.write(bytes, () => resolve())); // startPart() comes first
    if (this.#failure) throw new Refused(`Can't write ${this.#path}: ${this.#failure.message}`);
  }

  async #finishPart(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file && file !== process.stdout) await new Promise<void>(resolve => file.end(() => resolve()));
  }
}

/** What the first bytes tell: the tracks' kinds, and the earliest time, which becomes 0. */
function probe(container: Container, pieces: readonly Bytes[]): { kinds: Set<MediaTrack['kind']>; origin: Ticks } {
  const demuxer = container === 'flv' ? new FlvDemuxer() : new TsDemuxer();
  const kinds = new Map<number, MediaTrack['kind']>();
  let origin = Number.POSITIVE_INFINITY;
  const events = pieces.flatMap(piece => demuxer.push(piece)).concat(demuxer.flush());
  for (const event of events) {
    if (event.type === 'track') kinds.set(event.track.id, event.track.kind);
    if (event.type === 'unit') origin = Math.min(origin, event.unit.dts);
  }
  return { kinds: new Set(kinds.values()), origin: Number.isFinite(origin) ? origin : 0 };
}

async function* pieces(path: string): AsyncGenerator<Bytes> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE });
  for await (const piece of stream) {
    const bytes = new Uint8Array(piece);
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
  }
}

async function transmux(input: string, output: string): Promise<void> {
  const source = pieces(input);
  const head: Bytes[] = [];
  let size = 0;
  for (;;) {
    const { value, done } = await source.next();
    if (done) break;
    head.push(value);
    if ((size += value.length) >= PROBE) break;
  }
  const first = concat(head).subarray(0, SNIFF_BYTES);
  const container = sniff(first, true) ?? 'unknown';
  if (container !== 'flv' && container !== 'ts')
    throw new Refused(`Can't read ${input}: ${sniffFault(container, first)}.`);

  const { kinds, origin } = probe(container, head);
  const writer = new Mp4Writer(output, kinds);
  const transmuxer = createTransmuxer(container, { origin });
  const unsupported: string[] = [];
  let damaged = { places: 0, bytes: 0 };
  const end = { video: 0, audio: 0 };
  const take = async (events: readonly TransmuxEvent[]): Promise<void> => {
    for (const event of events) {
      if (event.type === 'unsupported-codec') unsupported.push(`${event.kind} in ${event.codec}`);
      if (event.type === 'damage') damaged = { places: damaged.places + 1, bytes: damaged.bytes + event.bytes };
      if (event.type === 'init') console.error(`${event.kind}: ${event.mime}${describe(event.track)}`);
      if (event.type === 'fragment') end[event.kind] = event.end;
      await writer.take(event);
    }
  };
  await take(transmuxer.start({ container, timestampOffset: 0, bytes: NO_BYTES }, origin));
  for (const piece of head) await take(transmuxer.push(piece));
  for await (const piece of source) await take(transmuxer.push(piece));
  await take(transmuxer.flush());
  await writer.end();

  for (const what of unsupported) console.error(`Left out: ${what}, which can't be carried in MP4 to a browser.`);
  if (damaged.places > 0) console.error(`Passed over ${damaged.bytes} damaged bytes in ${damaged.places} places.`);
  if (writer.parts === 0) {
    throw new Refused(
      `Nothing playable in ${input}: ${unsupported.length > 0 ? 'no codec is supported' : 'no complete frame'}.`,
    );
  }
  const parts = writer.parts > 1 ? ` in ${writer.parts} parts` : '';
  const seconds = Math.max(end.video, end.audio).toFixed(2);
  console.error(
    `${output}: ${writer.bytes} bytes${parts}, up to ${seconds} s (0 is ${(origin / TICKS_PER_SECOND).toFixed(3)} s of the source).`,
  );
}

function describe(track: MediaTrack): string {
  return track.kind === 'video'
    ? `, ${track.width}x${track.height}`
    : `, ${track.sampleRate} Hz, ${track.channels} channels`;
}

const args = process.argv.slice(2);
const [input, output] = args;
if (args.length !== 2 || input === undefined || output === undefined) {
  console.error(USAGE);
  process.exit(args.includes('--help') ? 0 : 1);
}
try {
  await transmux(input, output);
} catch (error) {
  if (error instanceof Refused) console.error(error.message);
  else if (error instanceof NotThisMedia) console.error(`Can't read ${input}: ${error.message}.`);
  else if (error instanceof Error && 'code' in error) console.error(`Can't read ${input}: ${error.message}.`);
  else throw error;
  process.exitCode = 1;
}
