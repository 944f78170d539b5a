// Recordings by HTTP: lists, documents, indexes, bytes by range, and downloads as plain files.

import { join } from 'node:path';
import type { Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { toBase64Url } from '../../core/bytes.ts';
import { channelNameFault } from '../../core/channel-name.ts';
import type { RecordingFacts, RecordingIndex, RecordingSummary } from '../../core/recording/recording-document.ts';
import { recordingSwarm } from '../../core/recording/recording-id.ts';
import type { AccessControl } from '../access/access-control.ts';
import { viewRefusal } from '../access/view-access.ts';
import type { Admitted, ChannelDocument } from '../http/channel-document.ts';
import { requestOrigin } from '../http/request-origin.ts';
import type { RecordedHls } from '../outputs/recorded-hls.ts';
import { byteRange } from './byte-range.ts';
import { fileBody, plainBody } from './file-body.ts';
import { type Recording, summaryOf } from './recording.ts';
import type { Recordings } from './recordings.ts';
import { type RequestedRecording, requestedRecording } from './requested-recording.ts';

/** The relay's answer to `GET /recordings/<channel>/<stamp>`. */
export type RecordingDocument = RecordingFacts & Omit<ChannelDocument, 'state' | 'rewind' | 'outputs' | 'publicKey'>;

export interface RecordingRoutesOptions {
  readonly recordings: Pick<Recordings, 'list' | 'find'>;
  readonly access: Pick<AccessControl, 'mayView' | 'ticketFor'>;
  /** For other players, if there is anything for them. */
  readonly hls: RecordedHls | undefined;
  /** The document of a channel of this name. */
  readonly document: (name: string, host: string, secure: boolean, admitted: Admitted) => ChannelDocument;
}

const MEDIA_TYPES = { flv: 'video/x-flv', ts: 'video/mp2t' } as const;

/** For `createApp`. */
export function recordingRoutes(options: RecordingRoutesOptions): (app: Hono) => void {
  const { recordings, access } = options;
  const { mayView } = access;
  const anyPage = cors({
    origin: '*',
    allowMethods: ['GET', 'HEAD'],
    allowHeaders: ['authorization', 'range', 'if-range', 'if-none-match'],
    exposeHeaders: ['accept-ranges', 'content-length', 'content-range', 'etag'],
    maxAge: 86_400,
  });
  return app => {
    app.use('/recordings', anyPage);
    app.use('/recordings/*', anyPage);
    app.get('/recordings', async context => {
      const channel = context.req.query('channel');
      const fault = channel === undefined ? 'ask with ?channel=<name>' : channelNameFault(channel);
      if (channel === undefined || fault) return no(context, 400, 'bad-name', fault ?? '');
      const refusal = await viewRefusal(context, mayView, channel);
      if (refusal) return refusal;
      context.header('cache-control', 'no-store');
      const found: RecordingSummary[] = recordings.list(channel).map(summaryOf);
      return context.json({ recordings: found });
    });
    app.get('/recordings/*', async context => {
      const path = new URL(context.req.url).pathname.slice('/recordings/'.length);
      const asked = requestedRecording(path);
      const usage =
        'a recording is asked for as /recordings/<channel>/<stamp>, its files as …/data, …/index, ….flv, ….ts, ….m3u8';
      if (!asked) return no(context, 400, 'bad-name', usage);
      const refusal = await viewRefusal(context, mayView, asked.channel);
      if (refusal) return refusal;
      const recording = recordings.find(asked.id);
      if (!recording) return no(context, 404, 'no-recording', `there is no recording ${asked.id}`);
      if (asked.part === 'document') return answerDocument(context, recording, options);
      if (asked.part === 'index') return answerIndex(context, recording);
      if (asked.part === 'data') return answerData(context, recording);
      if (asked.part === 'm3u8' || typeof asked.part === 'object') {
        return answerHls(context, recording, asked.part, options.hls);
      }
      return answerDownload(context, recording, asked.part);
    });
  };
}

function answerDocument(context: Context, recording: Recording, options: RecordingRoutesOptions): Response {
  const reached = requestOrigin(context);
  if (!reached) return no(context, 400, 'bad-host', 'the Host header names no host');
  const name = recordingSwarm(recording.id);
  const admitted = { isViewer: true, ticket: options.access.ticketFor(name) };
  const meeting = options.document(name, reached.host, reached.secure, admitted);
  const { state: _, rewind: __, outputs: ___, ...ways } = meeting; // of what is live
  const stamp = recording.id.slice(recording.channel.length + 1);
  const { publicKey, track: id, container } = recording;
  const answer: RecordingDocument = {
    ...ways,
    ...summaryOf(recording),
    name,
    publicKey: toBase64Url(publicKey),
    tracks: [{ id, container }],
    data: `${stamp}/data`,
    index: `${stamp}/index`,
    download: `${stamp}.${container}`,
  };
  context.header('cache-control', 'no-store');
  return context.json(answer);
}

async function answerIndex(context: Context, recording: Recording): Promise<Response> {
  const from = Number(context.req.query('from') ?? 0);
  if (!Number.isSafeInteger(from) || from < 0) return no(context, 400, 'bad-offset', 'from= is an offset in bytes');
  const groups = await recording.groups();
  // What is read meanwhile of one that runs belongs together: nothing below waits.
  const { end, to: endTimestamp, endedAt } = recording;
  const answer: RecordingIndex = { groups: groups.columns(from), end, endTimestamp, running: endedAt === undefined };
  context.header('cache-control', endedAt === undefined ? 'no-store' : 'no-cache');
  return context.json(answer);
}

function answerData(context: Context, recording: Recording): Response {
  const { dataSize: size, directory, endedAt } = recording;
  const isRunning = endedAt === undefined;
  // The file only grows: what was read of it stays true.
  const tag = `"${recording.startedAt.toString(36)}"`;
  context.header('etag', tag);
  context.header('accept-ranges', 'bytes');
  context.header('cache-control', isRunning ? 'no-store' : 'no-cache');
  if (!isRunning && tagsOf(context.req.header('if-none-match')).includes(tag)) return context.body(null, 304);
  const isSame = [undefined, tag].includes(context.req.header('if-range'));
  const range = isSame ? byteRange(context.req.header('range'), size) : undefined;
  if (range === 'unsatisfiable') {
    context.header('content-range', `bytes */${size}`);
    return no(context, 416, 'no-such-bytes', `there are ${size} bytes${isRunning ? ' by now' : ''}`);
  }
  const { from, to } = range ?? { from: 0, to: size };
  context.header('content-type', 'application/octet-stream');
  context.header('content-length', `${to - from}`);
  if (range) context.header('content-range', `bytes ${from}-${to - 1}/${size}`);
  return context.body(fileBody(join(directory, 'data'), { from, to }), range ? 206 : 200);
}

function answerDownload(context: Context, recording: Recording, container: 'flv' | 'ts'): Response {
  const { id, container: own, directory, end } = recording;
  if (container !== own) {
    return no(context, 404, 'other-container', `this recording is in ${own}: ask for /recordings/${id}.${own}`);
  }
  context.header('content-type', MEDIA_TYPES[own]);
  context.header('content-disposition', `attachment; filename="${id.replaceAll('/', '-')}.${own}"`);
  context.header('cache-control', 'no-store');
  return context.body(plainBody(join(directory, 'data'), { from: 0, to: end }));
}

async function answerHls(
  context: Context,
  recording: Recording,
  part: Extract<RequestedRecording['part'], 'm3u8' | object>,
  hls: RecordedHls | undefined,
): Promise<Response> {
  if (!hls) return no(context, 404, 'no-outputs', 'this relay serves its own player only');
  const { id, channel, endedAt } = recording;
  if (endedAt === undefined) return no(context, 404, 'running', `${id} still runs: the channel is HLS meanwhile`);
  context.header('cache-control', 'no-store');
  if (part === 'm3u8') {
    const token = context.req.query('token');
    const query = token ? `?${new URLSearchParams({ token })}` : '';
    const text = await hls.playlist(recording, `${id.slice(channel.length + 1)}/`, query);
    return context.body(text, 200, { 'content-type': 'application/vnd.apple.mpegurl' });
  }
  const bytes = 'segment' in part ? await hls.segment(recording, part.segment) : await hls.init(recording, part.init);
  if (!bytes) return no(context, 404, 'no-segment', `it is not in ${id}.m3u8`);
  return context.body(bytes, 200, { 'content-type': 'video/mp4' });
}

function tagsOf(header: string | undefined): string[] {
  return (header ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''));
}

function no(context: Context, status: 400 | 404 | 416, code: string, message: string): Response {
  context.header('cache-control', 'no-store');
  return context.json({ error: { code, message } }, status);
}
