// Channels whose broadcasts of real media are recorded, and what HTTP answers of that, without a relay around them.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import { Hono } from 'hono';
import type { HeldChunk } from '../../../../core/swarm/chunk-window.ts';
import { ANYBODY } from '../../../../relay/access/access-answer.ts';
import type { Channel } from '../../../../relay/channels/channel.ts';
import type { Track } from '../../../../relay/channels/track.ts';
import { createLog } from '../../../../relay/log.ts';
import { RecordedHls } from '../../../../relay/outputs/recorded-hls.ts';
import { recordingRoutes } from '../../../../relay/recording/recording-routes.ts';
import { Recordings } from '../../../../relay/recording/recordings.ts';
import { readFixture } from '../../../support/ffmpeg-fixtures.ts';
import { until } from '../../../support/until.ts';
import { temporaryDirectory } from '../fixtures.ts';
import { BEGIN, publisherOf, Source, Stage, send } from './broadcast.ts';
import { FLV, TS } from './outputs-stage.ts';

/** A recorder on channels, and what HTTP answers of it. */
export async function recorder(isForOthers = true) {
  const stage: Stage = new Stage({ recordings: { all: true, keepFreeMegabytes: 0 } }, [
    {
      chunkTaken: (channel: Channel, track: Track, chunk: HeldChunk) => recordings.chunkTaken(channel, track, chunk),
      stateChanged: (channel: Channel) => recordings.stateChanged(channel),
    },
  ]);
  const clock = () => BEGIN + stage.now;
  const recordings = await Recordings.open({
    ...{ live: stage.live, stateDir: temporaryDirectory(), log: createLog('silent'), clock },
  });
  after(() => recordings.close());
  const app = new Hono();
  const access = { mayView: async () => ANYBODY, ticketFor: () => undefined };
  const document = () => assert.fail('nobody asks for it');
  recordingRoutes({ recordings, access, document, hls: isForOthers ? new RecordedHls() : undefined })(app);
  return { stage, recordings, app, get: (path: string) => app.request(`http://relay.test${path}`) };
}

export type Recorder = Awaited<ReturnType<typeof recorder>>;

/** Broadcasts a file so many times, each in an epoch of its own, and waits until it is recorded. */
export async function record({ stage, recordings }: Recorder, container: 'flv' | 'ts', times: number): Promise<string> {
  const channel = stage.channels.get('lecture');
  channel.open(publisherOf(1));
  const source = new Source(container);
  const file = readFixture(container === 'flv' ? FLV : TS);
  for (let i = 0; i < times; i++) send(channel, source.file(file, 8_000));
  channel.close(channel.publisher!, 'ended'); // it is on air
  await until(() => recordings.list('lecture')[0]?.endedAt !== undefined, 'it is recorded');
  return recordings.list('lecture')[0]!.id; // it is there
}
