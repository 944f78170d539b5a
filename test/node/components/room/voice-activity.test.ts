import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VoiceActivity } from '../../../../components/room/voice-activity.ts';

const STEP = 60;

/** Feeds a level for so long; the times (ms, from the start of this stretch) at which the answer changed. */
function listen(voice: VoiceActivity, from: number, ms: number, level: (at: number) => number) {
  const changes: [number, boolean][] = [];
  let before: boolean | undefined;
  for (let at = 0; at < ms; at += STEP) {
    const speaks = voice.step(level(at), from + at);
    if (before !== undefined && speaks !== before) changes.push([at, speaks]);
    before = speaks;
  }
  return { changes, last: before };
}

describe('VoiceActivity', () => {
  it('hears speech soon, holds on through the pauses between words, and lets go after it', () => {
    const voice = new VoiceActivity();
    assert.equal(listen(voice, 0, 2_000, () => 0.002).last, false);
    const words = listen(voice, 2_000, 3_000, at => (at % 600 < 360 ? 0.1 : 0.003));
    assert.deepEqual(words.changes, [[120, true]]);
    const after = listen(voice, 5_000, 2_000, () => 0.002);
    assert.equal(after.last, false);
    assert.ok(after.changes[0]![0] < 900, `silent after ${after.changes[0]![0]} ms`);
  });

  it('takes no click, no noisy room and no silence for speech', () => {
    const voice = new VoiceActivity();
    assert.equal(listen(voice, 0, 3_000, at => (at === 1_200 ? 0.5 : 0)).changes.length, 0);
    const fan = new VoiceActivity();
    listen(fan, 0, 60_000, () => 0.015);
    assert.equal(listen(fan, 60_000, 3_000, at => 0.015 + 0.004 * Math.sin(at)).last, false);
    assert.equal(listen(fan, 63_000, 600, () => 0.15).last, true, 'speech over the noise');
  });

  it('forgets with the microphone', () => {
    const voice = new VoiceActivity();
    listen(voice, 0, 600, () => 0.2);
    voice.reset();
    assert.equal(voice.step(0, 660), false);
  });
});
