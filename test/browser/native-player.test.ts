// The player of browsers that play HLS themselves: what it makes of what the relay says of the channel.

import { NO_PEERS } from '../../components/engine/swarm-policy.ts';
import { NativePlayer, playsOnlyHls } from '../../components/native/native-player.ts';
import { expectEqual, expectThat, until } from './expect.ts';

const HLS = 'https://relay.example/hls/lecture/index.m3u8';
const original = globalThis.fetch;

describe('the player of browsers without MSE', () => {
  let answer: { status: number; body: object };
  let asked: Request[];
  let player: NativePlayer | undefined;
  let video: HTMLVideoElement;

  const is = (state: string, hls: string | null = HLS) => ({
    status: 200,
    body: { state, clock: Date.now(), transports: { websocket: ['wss://relay.example/p2p-live'] }, outputs: { hls } },
  });

  beforeEach(() => {
    asked = [];
    globalThis.fetch = async (input, init) => {
      asked.push(new Request(input, init));
      return Response.json(answer.body, { status: answer.status });
    };
  });
  afterEach(() => {
    player?.stop();
    globalThis.fetch = original;
  });

  function start(token = ''): NativePlayer {
    video = document.createElement('video');
    player = new NativePlayer(video, {
      ...{ relay: 'https://relay.example', name: 'lecture', token, targetLatency: 1, swarm: NO_PEERS },
      consent: async () => true,
    });
    player.start();
    return player;
  }

  it('is not for browsers that have it', () => {
    expectEqual(playsOnlyHls(document.createElement('video')), false);
  });

  it('waits for the channel, and puts its playlist behind the video when it is on air', async () => {
    answer = is('waiting');
    const made = start('a key');
    expectEqual(made.state, 'connecting');
    await until(() => made.state === 'waiting', 'it waits');
    expectEqual(video.src, '');
    expectEqual(asked[0]?.headers.get('authorization'), 'Bearer a key');
    answer = is('live');
    await until(() => made.state === 'buffering', 'it begins');
    expectEqual(video.src, `${HLS}?token=a+key`);
    expectEqual(made.seekable, null);
    expectEqual(made.send('hello'), false);
  });

  it('ends with the broadcast', async () => {
    answer = is('ended');
    const made = start();
    await until(() => made.state === 'ended', 'it has ended');
    expectEqual(video.src, '');
  });

  it('fails where it is not let in, and where the relay gives no HLS', async () => {
    answer = { status: 403, body: { error: { code: 'not-allowed', message: 'only for members' } } };
    const refused = start();
    await until(() => refused.state === 'failed', 'it fails');
    expectEqual(refused.error?.code, 'not-allowed');
    answer = is('live', null);
    const without = start();
    await until(() => without.state === 'failed', 'it fails');
    expectEqual(without.error?.code, 'no-media-source');
    expectThat(without.error?.message.includes('HLS') ?? false, 'it says why');
  });

  it('lets go of the video when it is stopped', async () => {
    answer = is('live');
    const made = start();
    await until(() => made.state === 'buffering', 'it begins');
    made.stop();
    expectEqual(made.state, 'idle');
    expectEqual(video.hasAttribute('src'), false);
  });
});
