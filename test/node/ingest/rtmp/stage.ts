// A listener for encoders whose channels feed nothing, and which waits for less long than others do.

import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after } from 'node:test';
import { type Bytes, concat } from '../../../../core/bytes.ts';
import type { Clock } from '../../../../core/publish/clock.ts';
import { steadyClock } from '../../../../ingest/clock.ts';
import type { Ingest, IngestOutcome } from '../../../../ingest/ingest.ts';
import { readListenAddress } from '../../../../ingest/rtmp/listen-address.ts';
import { listenRtmp, type RtmpOptions } from '../../../../ingest/rtmp/listen-rtmp.ts';
import { anyOf } from '../../../../ingest/rtmp/stream-keys.ts';
import type { Source } from '../../../../ingest/sources/source.ts';
import { flvTag } from '../../../support/flv-muxer.ts';
import { publishRtmp } from '../../../support/rtmp-publisher.ts';
import { TestLog } from '../fixtures.ts';

export const KEY = 'a key for tests';
/** Waits are this much shorter than for encoders. */
export const HASTE = 10;
const hasty: Clock = {
  now: () => steadyClock.now() * HASTE,
  wait: (ms, signal) => steadyClock.wait(ms / HASTE, signal),
};
/** A tag of video. */
export const tag = (time: number, text = 'a frame'): Bytes => flvTag(9, time, new TextEncoder().encode(text));

/** Stands in for an ingest: takes what the source gives. */
export class Feed implements Ingest {
  readonly stats = {} as Ingest['stats']; // nobody looks at them here
  readonly done: Promise<IngestOutcome>;
  readonly breaks: string[] = [];
  bytes: Bytes = new Uint8Array(0);
  stopped: { unpublish?: boolean } | undefined;
  end: (outcome: IngestOutcome) => void = () => {};
  readonly #stopping = new AbortController();

  constructor() {
    this.done = new Promise(resolve => {
      this.end = resolve;
    });
  }

  async play(source: Source): Promise<void> {
    try {
      for await (const event of source.open(this.#stopping.signal)) {
        if (event.type === 'bytes') this.bytes = concat([this.bytes, event.bytes]);
        if (event.type === 'discontinuity') this.breaks.push(event.reason);
      }
    } catch (error) {
      assert.ok(this.stopped, `${error}`);
    }
  }

  async stop(how: { unpublish?: boolean } = {}): Promise<void> {
    this.stopped = how;
    this.#stopping.abort();
    this.end({ code: 'stopped', reason: 'stopped' });
    await this.done;
  }
}

/** Listens on a free port; `feed` is the last one of a channel. */
export async function listening(options: Partial<RtmpOptions> = {}) {
  const log = new TestLog();
  const feeds = new Map<string, Feed[]>();
  const start = async (channel: string, source: Source) => {
    const feed = new Feed();
    feeds.set(channel, [...(feeds.get(channel) ?? []), feed]);
    void feed.play(source);
    return feed;
  };
  const address = readListenAddress('rtmp://127.0.0.1:0');
  assert.ok(typeof address === 'object');
  const listener = await listenRtmp({
    listen: [address],
    mayPublish: anyOf([KEY]),
    start,
    log,
    clock: hasty,
    ...options,
  });
  after(() => listener.close({ unpublish: false }));
  const [server = ''] = listener.addresses;
  const publish = (channel: string, key = KEY) => publishRtmp(server, `${channel}?key=${encodeURIComponent(key)}`);
  const feed = (channel: string) => feeds.get(channel)?.at(-1);
  return { feed, feeds, listener, log, publish, server };
}

/** A connection that says what it is told to. */
export async function rawSocket(
  server: string,
): Promise<{ socket: Socket; closed: Promise<void>; heard: () => string }> {
  const socket = connect(Number(new URL(server).port), '127.0.0.1');
  let heard = '';
  socket.on('data', bytes => {
    heard += bytes.toString('latin1');
  });
  socket.on('error', () => {}); // being thrown out is what is looked at
  after(() => socket.destroy());
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  await new Promise(resolve => socket.once('connect', resolve).once('close', resolve));
  return { socket, closed, heard: () => heard };
}
