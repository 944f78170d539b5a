// Pushes FLV tags over RTMP, as an encoder with enhanced RTMP would: Debian's ffmpeg knows only the legacy form.

import RtmpClient from 'node-media-server/src/protocol/rtmp_client.js';
import type { Bytes } from '../../core/bytes.ts';

/** A publisher that was let in. */
export interface RtmpPublisher {
  /** Settles when the server has closed the connection. */
  readonly closed: Promise<void>;
  /** Bytes that the server has not taken yet. */
  readonly waiting: number;
  /** Sends a tag (with its PreviousTagSize); `later` is added to its time, in ms. */
  send(tag: Bytes, later?: number): void;
  /** Sends the tags at their times, over and over, until it is disconnected. `period`: after how many ms they begin anew. */
  loop(tags: readonly Bytes[], period: number): void;
  /** Closes the socket and says nothing. */
  disconnect(): void;
}

/** Connects and publishes; rejects with what the server says when it refuses. `server`: `rtmp://host:port/live`. */
export async function publishRtmp(server: string, streamName: string): Promise<RtmpPublisher> {
  const client = new RtmpClient();
  let over = false;
  client.onErrorCallback = () => {}; // the close that follows is looked at
  const closed = new Promise<void>(resolve => {
    client.onCloseCallback = () => {
      over = true;
      resolve();
    };
  });
  await client.connect(`${server}/stream`);
  await client.sendConnect();
  await client.sendCreateStream();
  try {
    await client.sendPublish(streamName);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  const send = (tag: Bytes, later = 0) => {
    const data = Buffer.from(tag.buffer, tag.byteOffset + 11, tag.length - 15);
    if (!over) client.sendPacket({ codec_type: tag[0]!, dts: timeOf(tag) + later, size: data.length, data });
  };
  return {
    closed,
    get waiting() {
      return client.socket?.writableLength ?? 0;
    },
    send,
    loop(tags, period) {
      const startedAt = performance.now();
      let next = 0;
      const timer = setInterval(() => {
        if (over) clearInterval(timer);
        for (; !over; next++) {
          const round = Math.floor(next / tags.length);
          const tag = tags[next % tags.length]!;
          if (timeOf(tag) + round * period > performance.now() - startedAt) return;
          send(tag, round * period);
        }
      }, 10);
    },
    disconnect() {
      over = true;
      client.disconnect();
    },
  };
}

function timeOf(tag: Bytes): number {
  return (tag[4]! << 16) + (tag[5]! << 8) + tag[6]! + tag[7]! * 2 ** 24;
}
