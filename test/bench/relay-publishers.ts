// The two sources of the relay bench: the same bytes as signed chunks over WebSocket, and as an HTTP-FLV push.

import { request } from 'node:http';
import { WebSocket } from 'ws';
import { type Bytes, ByteWriter, concat, NO_BYTES } from '../../core/bytes.ts';
import { encodeInit, initId } from '../../core/init-document.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { createSigner, signChunk } from '../../core/signature.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { challenge, chunk, init, ping, pong, prove, publish, published, refused } from '../../core/wire/index.ts';
import { proofMac, proofMessage } from '../../core/wire/proof.ts';
import { FRAMES_PER_GROUP, FRAMES_PER_SECOND, flvFrame, flvStart } from './synthetic-flv.ts';
import { now } from './viewer-figures.ts';

const CHUNK_BYTES = 4_000;

/** A source that is running. */
export interface Source {
  stop(): void;
}

/** Calls `send` with each frame's number, at the stream's pace. */
function pace(send: (frame: number) => void): () => void {
  const startedAt = performance.now();
  let frame = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * FRAMES_PER_SECOND) / 1_000;
    while (frame < due) send(frame++);
  }, 5);
  return () => clearInterval(timer);
}

/** Publishes a channel on a relay; settles when the relay has let it. */
export async function publishChunks(options: {
  url: string;
  channel: string;
  publishKey: string;
  bytesPerSecond: number;
}): Promise<Source> {
  const { url, channel, publishKey, bytesPerSecond } = options;
  const link = webSocketLink(new WebSocket(`${url.replace('http', 'ws')}/p2p-live`));
  const signer = await createSigner(crypto.getRandomValues(new Uint8Array(32)), crypto.subtle);
  await new Promise<void>((resolve, reject) => {
    link.receive = (type, body) => {
      if (type === challenge.type) {
        const message = proofMessage(decodeBody(challenge, body).nonce, channel, signer.publicKey);
        void signer.sign(message).then(signature => {
          link.send(encodeMessage(prove, { mac: proofMac(publishKey, message), signature }));
        });
      } else if (type === ping.type) {
        link.send(encodeMessage(pong, { sentAt: decodeBody(ping, body).sentAt, clock: Date.now() }));
      } else if (type === published.type) resolve();
      else if (type === refused.type) reject(new Error(decodeBody(refused, body).reason));
    };
    void link.closed.then(({ reason }) => reject(new Error(reason)));
    link.send(encodeMessage(publish, { version: 1, channel, publicKey: signer.publicKey }));
  });
  const document = encodeInit({ container: 'flv', timestampOffset: 0, bytes: flvStart() });
  link.send(encodeMessage(init, { track: 0, document }));
  const id = initId(document);
  const epoch = Date.now();
  let sequence = epoch;
  let group = epoch;
  let rest: Bytes = NO_BYTES;
  let queue = Promise.resolve();
  const emit = async (payload: Bytes, timestamp: number) => {
    // The first bytes tell when it was sent; nobody decodes this stream.
    payload.set(new ByteWriter(8).f64(now()).finish());
    const header = {
      track: 0,
      sequence: sequence++,
      group,
      epoch,
      discontinuity: false,
      end: false,
      timestamp,
      duration: 0,
      entry: payload.length,
      initId: id,
      capturedAt: Date.now(),
    };
    link.send(encodeMessage(chunk, await signChunk(channel, header, payload, signer)));
  };
  const stop = pace(frame => {
    queue = queue.then(async () => {
      const timestamp = (frame * 90_000) / FRAMES_PER_SECOND;
      if (frame % FRAMES_PER_GROUP === 0) {
        if (rest.length >= 8) await emit(rest.slice(), timestamp);
        rest = NO_BYTES;
        group = sequence;
      }
      const bytes = concat([rest, ...flvFrame(frame, bytesPerSecond, 0)]);
      let at = 0;
      for (; bytes.length - at >= CHUNK_BYTES; at += CHUNK_BYTES) {
        await emit(bytes.slice(at, at + CHUNK_BYTES), timestamp);
      }
      rest = bytes.slice(at);
    });
  });
  return {
    stop() {
      stop();
      link.close(0, 'done');
    },
  };
}

/** Pushes HTTP-FLV. */
export function pushFlv(port: number, path: string, bytesPerSecond: number): Source {
  const push = request({ port, host: '127.0.0.1', path, method: 'POST' });
  push.on('error', () => {}); // the server was ended first
  push.write(flvStart());
  const stop = pace(frame => {
    for (const tag of flvFrame(frame, bytesPerSecond, now())) push.write(tag);
  });
  return {
    stop() {
      stop();
      push.destroy();
    },
  };
}
