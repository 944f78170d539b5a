// Which MediaSource is taken, and when a managed one wants media.

import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { mediaSourceClass, takesMpegAudioRaw, wantsMedia } from '../../../../components/engine/media-source-class.ts';

const NAMES = ['MediaSource', 'ManagedMediaSource'];

afterEach(() => {
  for (const name of NAMES) Reflect.deleteProperty(globalThis, name);
});

function put(name: string, takesMp3 = true): unknown {
  const made = Object.assign(function made() {}, { isTypeSupported: () => takesMp3 });
  Reflect.set(globalThis, name, made);
  return made;
}

it('takes the managed one where there is one, else the usual, else none', () => {
  assert.equal(mediaSourceClass(), undefined);
  const usual = put('MediaSource');
  assert.equal(mediaSourceClass(), usual);
  const managed = put('ManagedMediaSource');
  assert.equal(mediaSourceClass(), managed);
});

it('lets MP3 come as it is only where it is not taken in MP4', () => {
  assert.equal(takesMpegAudioRaw(), false);
  put('MediaSource');
  assert.equal(takesMpegAudioRaw(), false);
  put('ManagedMediaSource', false);
  assert.equal(takesMpegAudioRaw(), true);
});

it('feeds a managed one only while it streams, any other always', () => {
  const source = (fields: object) => fields as MediaSource; // all that is read of one
  assert.equal(wantsMedia(source({})), true);
  assert.equal(wantsMedia(source({ streaming: true })), true);
  assert.equal(wantsMedia(source({ streaming: false })), false);
});
