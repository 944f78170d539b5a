import assert from 'node:assert/strict';
import test from 'node:test';
import { settingsOf } from '../../../../relay/config/channel-settings.ts';
import { parseConfig } from '../../../../relay/config/config.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';

const config = parseConfig({
  rewind: 60,
  channels: [
    { name: '*', record: true },
    { name: 'camera/*', rewind: 5, swarm: { minViewers: 3 } },
    { name: 'camera/door/*', view: 'token' },
    { name: 'camera/door/front', source: { url: 'http://camera.example/front.flv', when: 'on-demand' } },
  ],
});

test('the name itself counts before patterns, a longer one before a shorter, for each setting; what none says is as the rest says', () => {
  const of = (name: string) => settingsOf(config, name);
  assert.equal(of('camera/door/front').source?.when, 'on-demand');
  assert.equal(of('camera/door/front').view, 'token', 'an entry of its own does not open what is closed for all below');
  assert.equal(of('camera/door/front').rewind, 5);
  assert.equal(of('camera/door/front').swarm.minViewers, 3);
  assert.equal(of('camera/door/back').view, 'token');
  assert.deepEqual(
    { ...of('camera/hall').swarm, entry: of('camera/hall').entry },
    {
      ...config.swarm,
      minViewers: 3,
      entry: 'camera/*',
    },
  );
  assert.deepEqual([of('camera/hall').rewind, of('camera').rewind, of('lecture').rewind], [5, 60, 60]);
  assert.deepEqual([of('camera/hall').record, of('lecture').record], [true, true]);
  assert.equal(settingsOf(parseConfig({}), 'lecture').entry, undefined);
});

test('what is replaced holds at once, added entries before all others', () => {
  const live = new LiveConfig(config);
  let told = 0;
  const stop = live.onChange(() => told++);
  assert.equal(live.channel('lecture').rewind, 60);
  live.replace({ added: parseConfig({ channels: [{ name: 'lecture', rewind: 7 }] }).channels });
  assert.equal(live.channel('lecture').rewind, 7);
  live.replace({ config: parseConfig({ rewind: 1 }) });
  assert.deepEqual([live.channel('lecture').rewind, live.channel('camera/hall').rewind, told], [7, 1, 2]);
  stop();
  live.replace({});
  assert.equal(told, 2);
});
