// Adds the outputs to the relay's HTTP face: /live/<channel>.flv, /live/<channel>.ts and /hls/<channel>/index.m3u8.

import type { Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Bytes } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import type { Pass } from '../access/pass.ts';
import { type MayView, type ViewAsk, viewAskOf, viewRefusal } from '../access/view-access.ts';
import type { Channel } from '../channels/channel.ts';
import type { HlsStream } from './hls-stream.ts';
import { HLS_PATH, playlistPath, readHlsPath, readStreamPath, STREAM_PATH, streamPath } from './output-path.ts';
import { type Outputs, START_MS } from './outputs.ts';

const TYPES = {
  flv: 'video/x-flv',
  ts: 'video/mp2t',
  m3u8: 'application/vnd.apple.mpegurl',
  mp4: 'video/mp4',
} as const;

export interface OutputsFace {
  readonly outputs: Outputs;
  readonly mayView: MayView;
  /** The same for whoever asks for a stream, which ends with the right to it. */
  readonly viewPass: (channel: string, ask: ViewAsk) => Pass;
  /** Why nobody new is taken; undefined while everybody is. */
  readonly drainedFor: () => string | undefined;
  /** Milliseconds of a steady clock. */
  readonly steady: () => number;
}

export function mountOutputs(app: Hono, face: OutputsFace): void {
  for (const path of [STREAM_PATH, HLS_PATH]) {
    app.use(`${path}*`, cors({ origin: '*', allowHeaders: ['authorization', 'range'] }));
    app.use(`${path}*`, async (context, next) => {
      if (!face.outputs.enabled) return fault(context, 404, 'no-outputs', 'this relay serves its own player only');
      context.header('cache-control', 'no-store');
      context.header('x-content-type-options', 'nosniff');
      return next();
    });
  }
  app.get(`${STREAM_PATH}*`, context => serveStream(context, face));
  app.get(`${HLS_PATH}*`, context => serveHls(context, face));
}

async function serveStream(context: Context, { outputs, viewPass, drainedFor }: OutputsFace): Promise<Response> {
  const request = readStreamPath(context.req.url);
  if ('fault' in request) return fault(context, 404, 'bad-address', request.fault);
  const { name, container } = request;
  const pass = viewPass(name, viewAskOf(context));
  const refusal = await viewRefusal(context, (_, { token }) => pass.show(token), name);
  if (refusal) return refusal;
  if (drainedFor() !== undefined) return drains(context);
  const channel = outputs.find(name);
  if (!channel) return notOnAir(context, name);
  const there = channel.state === 'live' ? channel.mainTrack?.container : undefined;
  if (there && there !== container) return otherContainer(context, name, there);
  const headers = { 'content-type': TYPES[container] };
  if (context.req.method === 'HEAD') return context.body(null, 200, headers);
  const viewer = outputs.open(channel, container, pass);
  if (!viewer) return fault(context, 503, 'too-many', `no more players can watch ${name} now`);
  const beginning = await viewer.begun;
  if (beginning === 'media') return context.body(viewer.body, 200, headers);
  return beginning ? otherContainer(context, name, beginning.other) : notOnAir(context, name);
}

async function serveHls(context: Context, face: OutputsFace): Promise<Response> {
  const { outputs, mayView, steady, drainedFor } = face;
  const request = readHlsPath(context.req.url);
  if ('fault' in request) return fault(context, 404, 'bad-address', request.fault);
  const { name, file } = request;
  const isThere = outputs.heldHls(name) !== undefined;
  const refusal = await viewRefusal(context, (channel, ask) => mayView(channel, { ...ask, isThere }), name);
  if (refusal) return refusal;
  const held = outputs.heldHls(name);
  if (held) held.askedAt = steady();
  if (file !== 'playlist') {
    const bytes = 'segment' in file ? held?.segment(file.segment) : held?.init(file.init);
    if (!held || !bytes) return fault(context, 404, 'gone', `it is not in ${playlistPath(name)} any more`);
    return give(context, held.channel, bytes);
  }
  if (!held && drainedFor() !== undefined) return drains(context);
  const channel = held?.channel ?? outputs.find(name);
  if (!channel) return notOnAir(context, name);
  const stream = held ?? outputs.hls(channel);
  if (!stream) return fault(context, 503, 'too-many', `there is no room to make segments of ${name} now`);
  const text = await playlistOf(stream, context, steady() + START_MS);
  if (text === undefined) return notOnAir(context, name);
  return context.body(text, 200, { 'content-type': TYPES.m3u8 });
}

async function playlistOf(stream: HlsStream, context: Context, until: number): Promise<string | undefined> {
  // A player that can send no header would ask for the segments without its token.
  const token = context.req.query('token');
  const query = token ? `?${new URLSearchParams({ token })}` : '';
  return stream.playlist(query) ?? ((await stream.listed.by(until)) ? stream.playlist(query) : undefined);
}

function give(context: Context, channel: Channel, bytes: Bytes): Response {
  if (context.req.method !== 'HEAD') channel.bytesOut += bytes.length;
  return context.body(bytes, 200, { 'content-type': TYPES.mp4 });
}

function otherContainer(context: Context, name: string, container: Container): Response {
  const message = `${name} is on air as ${container.toUpperCase()}: ${streamPath(name, container)}`;
  return fault(context, 404, 'other-container', message);
}

function notOnAir(context: Context, name: string): Response {
  context.header('retry-after', '2');
  return fault(context, 404, 'not-on-air', `${name} is not on air`);
}

function drains(context: Context): Response {
  context.header('retry-after', '2');
  return fault(context, 503, 'draining', 'this relay takes nobody new: it is about to leave');
}

function fault(context: Context, status: 404 | 503, code: string, message: string): Response {
  return context.json({ error: { code, message } }, status);
}
