// When a player does without the stream.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Doze, isAttended } from '../../../../components/engine/doze.ts';

describe('the doze', () => {
  it('begins when nobody has needed the stream for 20 s, and is told once', () => {
    const doze = new Doze();
    assert.equal(doze.step(true, 0), undefined);
    assert.equal(doze.step(false, 1_000), undefined);
    assert.equal(doze.step(false, 20_999), undefined);
    assert.equal(doze.step(false, 21_000), true);
    assert.equal(doze.step(false, 90_000), undefined);
  });

  it('ends at once, and is told once', () => {
    const doze = new Doze();
    doze.step(false, 0);
    assert.equal(doze.step(false, 20_000), true);
    assert.equal(doze.step(true, 20_001), false);
    assert.equal(doze.step(true, 20_002), undefined);
    assert.equal(doze.step(false, 20_003), undefined);
    assert.equal(doze.step(false, 40_003), true);
  });

  it('does not begin when somebody comes by in between', () => {
    const doze = new Doze();
    doze.step(false, 0);
    assert.equal(doze.step(true, 19_000), undefined);
    assert.equal(doze.step(false, 21_000), undefined);
    assert.equal(doze.step(false, 40_999), undefined);
  });
});

describe('who attends', () => {
  const page = { hidden: true, pictureInPictureElement: null };
  const heard = { muted: false, volume: 1, paused: false, ownerDocument: page };
  const table: [string, object, boolean, boolean][] = [
    ['a visible page', { muted: true, paused: true, ownerDocument: { ...page, hidden: false } }, false, true],
    ['a hidden one with sound', {}, true, true],
    ['a hidden one without sound in the stream', {}, false, false],
    ['a hidden one that is muted', { muted: true }, true, false],
    ['a hidden one at volume 0', { volume: 0 }, true, false],
    ['a hidden one that is paused', { paused: true }, true, false],
    ['a picture in the picture', { muted: true, ownerDocument: { ...page, pictureInPictureElement: {} } }, true, true],
  ];
  for (const [what, differs, hasSound, expected] of table) {
    it(`${what}: ${expected ? 'somebody' : 'nobody'}`, () => {
      const video = { ...heard, ...differs } as unknown as HTMLVideoElement; // all that is read of one
      assert.equal(isAttended(video, hasSound), expected);
    });
  }
});
