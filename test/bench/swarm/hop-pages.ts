// Two Chromiums of the lab that are connected as viewers are; one sends chunks at a steady rate, the other notes when they come.

import type { Page } from 'puppeteer-core';
import { BenchViewer } from './bench-viewer.ts';
import type { Place } from './place.ts';

/** One way to send. */
export interface HopCase {
  readonly kbps: number;
  /** Of a chunk with its header. */
  readonly bytes: number;
}

/** The first chunks find their way through a young connection. */
const WARM_UP_MS = 3_000;

/** How long each chunk took from being sent to being there, in ms, ascending. Both pages share this machine's clock. */
export async function hopDelays(place: Place, folder: string, { kbps, bytes }: HopCase, seconds: number) {
  const viewers: BenchViewer[] = [];
  try {
    for (const host of [1, 2]) viewers.push(await BenchViewer.start(place, host, 'about:blank', folder));
    const [sender, receiver] = viewers.map(({ page }) => page) as [Page, Page]; // two were started
    const offer = await sender.evaluate(connect, null);
    const answer = await receiver.evaluate(connect, offer);
    await sender.evaluate(accept, answer);
    await receiver.evaluate(listen);
    await sender.evaluate(send, { bytes, everyMs: (bytes * 8) / kbps, forMs: WARM_UP_MS + seconds * 1_000 });
    return (await receiver.evaluate(arrivals, WARM_UP_MS)).sort((a, b) => a - b);
  } finally {
    for (const viewer of viewers) await viewer.leave('vanishes');
  }
}

interface HopPage {
  connection: RTCPeerConnection;
  channel: RTCDataChannel;
  open: Promise<void>;
  came: { sent: number; delay: number }[];
}

/** In the page: makes the connection, with all candidates in its description. The channel is as in components/links. */
async function connect(offer: string | null): Promise<string> {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel('chunks', { negotiated: true, id: 1, ordered: false });
  channel.binaryType = 'arraybuffer';
  const open = new Promise<void>(settle => channel.addEventListener('open', () => settle(), { once: true }));
  Reflect.set(globalThis, 'hop', { connection, channel, open, came: [] } satisfies HopPage);
  const gathered = new Promise<void>(settle => {
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState === 'complete') settle();
    });
  });
  if (offer === null) await connection.setLocalDescription();
  else {
    await connection.setRemoteDescription(JSON.parse(offer));
    await connection.setLocalDescription();
  }
  await gathered;
  return JSON.stringify(connection.localDescription);
}

async function accept(answer: string): Promise<void> {
  const hop: HopPage = Reflect.get(globalThis, 'hop');
  await hop.connection.setRemoteDescription(JSON.parse(answer));
}

async function listen(): Promise<void> {
  const hop: HopPage = Reflect.get(globalThis, 'hop');
  hop.channel.addEventListener('message', ({ data }) => {
    const sent = new DataView(data).getFloat64(0);
    hop.came.push({ sent, delay: performance.timeOrigin + performance.now() - sent });
  });
  await hop.open;
}

async function send({ bytes, everyMs, forMs }: { bytes: number; everyMs: number; forMs: number }): Promise<void> {
  const hop: HopPage = Reflect.get(globalThis, 'hop');
  await hop.open;
  const start = performance.now();
  for (let next = start; next < start + forMs; next += everyMs) {
    await new Promise(settle => setTimeout(settle, next - performance.now()));
    const chunk = crypto.getRandomValues(new Uint8Array(bytes));
    new DataView(chunk.buffer).setFloat64(0, performance.timeOrigin + performance.now());
    hop.channel.send(chunk);
  }
  await new Promise(settle => setTimeout(settle, 1_500));
}

function arrivals(warmUpMs: number): number[] {
  const hop: HopPage = Reflect.get(globalThis, 'hop');
  const from = Math.min(...hop.came.map(({ sent }) => sent)) + warmUpMs;
  return hop.came.filter(({ sent }) => sent >= from).map(({ delay }) => delay);
}
