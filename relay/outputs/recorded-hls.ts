// A finished recording as HLS: its index says which segments there are; each is made when it is asked for.

import { join } from 'node:path';
import { type Bytes, concat } from '../../core/bytes.ts';
import { decodeInit, type InitDocument } from '../../core/init-document.ts';
import type { GroupIndex } from '../../core/recording/group-index.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import { decodeBody, MessageReader } from '../../core/wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../../core/wire/index.ts';
import { readAt, withFile } from '../recording/read-data.ts';
import type { Recording } from '../recording/recording.ts';
import { playlistOf } from './playlist.ts';
import type { Segment } from './segment.ts';
import { isLongEnough, Segmenter } from './segmenter.ts';

/** Plans of so many recordings are kept. */
const MAX_PLANS = 8;

/** Some groups of a recording, one after the other. */
interface Part {
  /** Of its first chunk. */
  readonly sequence: number;
  readonly from: Ticks;
  readonly to: Ticks;
  readonly capturedAt: Millis;
  /** In the data file. */
  readonly offset: number;
  readonly end: number;
  /** The message that it needs before it. */
  readonly init: number;
  readonly initSize: number;
}

export class RecordedHls {
  readonly #plans = new Map<Recording, readonly Part[]>();
  /** One segment is made at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** The playlist; its addresses begin with `folder`, `query` stands behind each of them. */
  async playlist(recording: Recording, folder: string, query: string): Promise<string> {
    const plan = await this.#planOf(recording);
    const segments = plan.map(({ capturedAt, from, to, init }, number) => ({
      ...{ number, capturedAt, initNumber: init, duration: (to - from) / TICKS_PER_SECOND },
      discontinuity: number > 0 && init !== plan[number - 1]?.init,
    }));
    const targetDuration = Math.ceil(Math.max(1, ...segments.map(({ duration }) => duration)));
    return playlistOf({ segments, folder, query, targetDuration, discontinuities: 0, ended: true, isWhole: true });
  }

  /** A segment by its number; undefined: there is none, or nothing in it can be read. */
  async segment(recording: Recording, number: number): Promise<Bytes | undefined> {
    const made = await this.#make(recording, number);
    return made.length > 0 ? concat(made.map(({ bytes }) => bytes)) : undefined;
  }

  /** The init segment of the first segment that names it. */
  async init(recording: Recording, init: number): Promise<Bytes | undefined> {
    const plan = await this.#planOf(recording);
    const number = plan.findIndex(part => part.init === init);
    return (await this.#make(recording, number))[0]?.init;
  }

  async #planOf(recording: Recording): Promise<readonly Part[]> {
    const known = this.#plans.get(recording);
    if (known) return known;
    const plan = planOf(await recording.groups(), recording);
    if (this.#plans.size >= MAX_PLANS) this.#plans.clear();
    this.#plans.set(recording, plan);
    return plan;
  }

  #make(recording: Recording, number: number): Promise<Segment[]> {
    const made = this.#turn.then(async () => make(recording, await this.#planOf(recording), number));
    this.#turn = made.catch(() => {});
    return made;
  }
}

/** Groups that are shorter than a segment are put together. */
function planOf(groups: GroupIndex, recording: Pick<Recording, 'to' | 'end'>): Part[] {
  const parts: Part[] = [];
  let first = groups.first;
  for (let i = 1; first; i++) {
    const next = groups.at(i);
    const isOver = !next || next.init !== first.init || isLongEnough(next.timestamp - first.timestamp);
    if (!isOver) continue;
    const { timestamp: from, ...rest } = first;
    const end = next ? (next.init === first.init ? next.offset : next.init) : recording.end;
    parts.push({ ...rest, from, to: Math.max(from, next?.timestamp ?? recording.to), end });
    first = next;
  }
  return parts;
}

/** What lies beside the part is read with it: sound that belongs to it may stand there, and how its last picture ends. */
async function make(recording: Recording, plan: readonly Part[], number: number): Promise<Segment[]> {
  const part = plan[number];
  if (!part) return [];
  const isBeside = (other: Part | undefined) => other?.init === part.init;
  const first = isBeside(plan[number - 1]) ? plan[number - 1]! : part; // it is there
  const next = isBeside(plan[number + 1]) ? plan[number + 1] : undefined;
  const segmenter = new Segmenter({
    origin: plan[0]?.from,
    begins: ({ sequence }) => sequence === part.sequence || sequence === next?.sequence,
  });
  const segments: Segment[] = [];
  let document: InitDocument | undefined;
  const reader = new MessageReader((type, body) => {
    if (type === initMessage.type) document = decodeInit(decodeBody(initMessage, body).document);
    if (type !== chunkMessage.type || !document) return;
    const { header, payload } = decodeBody(chunkMessage, body);
    const needed = document;
    segments.push(...segmenter.push(header, payload, () => needed));
  });
  await withFile(join(recording.directory, 'data'), async file => {
    reader.push(await readAt(file, part.init, part.initSize));
    reader.push(await readAt(file, first.offset, (next ?? part).end - first.offset));
  });
  segments.push(...segmenter.end());
  return segments.filter(({ timestamp }) => timestamp >= part.from && timestamp < part.to);
}
