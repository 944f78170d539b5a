// Channels with their outputs, and what HTTP answers, without a relay around them.

import { after } from 'node:test';
import { Hono } from 'hono';
import { type Bytes, concat } from '../../../../core/bytes.ts';
import { type AccessAnswer, ANYBODY } from '../../../../relay/access/access-answer.ts';
import { Pass } from '../../../../relay/access/pass.ts';
import type { RelayConfigInput } from '../../../../relay/config/config.ts';
import { createOutputs } from '../../../../relay/outputs/create-outputs.ts';
import { h264, MPEG_TS, make, picture, readFixture, tone } from '../../../support/ffmpeg-fixtures.ts';
import { publisherOf, type Sent, Source, Stage, send } from './broadcast.ts';

const AAC = ['-c:a', 'aac'];
/** Eight seconds of picture and sound, a key picture a second. */
export const FLV = make('outputs.flv', picture({ seconds: 8 }), tone({ seconds: 8 }), h264(), AAC);
export const TS = make('outputs.m2ts', picture({ seconds: 8 }), tone({ seconds: 8 }), h264(), AAC, MPEG_TS);

/** Channels, their outputs, and what HTTP answers. */
export function stage(
  config: RelayConfigInput = {},
  mayView = async (): Promise<AccessAnswer> => ANYBODY,
  drainedFor = (): string | undefined => undefined,
) {
  const made: Stage = new Stage(config, [{ stateChanged: channel => part.watcher.stateChanged?.(channel) }]);
  const part = createOutputs({
    ...{ live: made.live, channels: () => made.channels, mayView, drainedFor },
    viewPass: () => new Pass(mayView),
    clock: () => made.now,
    steady: () => made.now,
  });
  const app = new Hono();
  part.mount(app);
  after(() => part.close());
  return {
    ...part,
    stage: made,
    get: (path: string, init?: RequestInit) => app.request(`http://relay.test${path}`, init),
  };
}

/** A channel on air with the first seconds of a file, and the rest of it. */
export function onAir({ stage: { channels } }: ReturnType<typeof stage>, container: 'flv' | 'ts', groups: number) {
  const channel = channels.get('lecture');
  channel.open(publisherOf(1));
  const source = new Source(container);
  const sent = source.file(readFixture(container === 'flv' ? FLV : TS), 8_000);
  const starts = sent.flatMap((one, i) =>
    'chunk' in one && one.chunk.header.group === one.chunk.header.sequence ? [i] : [],
  );
  const cut = starts[groups] ?? sent.length;
  send(channel, sent.slice(0, cut));
  return { channel, rest: sent.slice(cut), sent, starts, source };
}

/** The media in it. */
export const payloads = (sent: readonly Sent[]) =>
  concat(sent.flatMap(one => ('chunk' in one ? [one.chunk.payload] : [])));

/** Status, code and sentence of a refusal. */
export async function fault(response: Response): Promise<[number, string, string]> {
  const { error } = await response.json();
  return [response.status, error.code, error.message];
}

/** All that comes. */
export async function bytesOf(response: Response): Promise<Bytes> {
  return new Uint8Array(await response.arrayBuffer());
}
