import assert from 'node:assert/strict';
import test from 'node:test';
import { fitSize, videoCandidates } from '../../../../../components/publish/engine/codec-choice.ts';

test('the level is the least that has room for size and frame rate', () => {
  const codecs = (width: number, height: number, rate: number) =>
    videoCandidates(width, height, rate).map(({ codecString }) => codecString);
  assert.deepEqual(codecs(640, 480, 30), ['avc1.64001e', 'avc1.42e01e', 'vp09.00.30.08', 'av01.0.04M.08']);
  assert.deepEqual(codecs(1_280, 720, 30), ['avc1.64001f', 'avc1.42e01f', 'vp09.00.31.08', 'av01.0.05M.08']);
  assert.deepEqual(codecs(1_920, 1_080, 30), ['avc1.640028', 'avc1.42e028', 'vp09.00.40.08', 'av01.0.08M.08']);
  assert.deepEqual(codecs(1_920, 1_080, 60), ['avc1.64002a', 'avc1.42e02a', 'vp09.00.41.08', 'av01.0.09M.08']);
  assert.deepEqual(codecs(3_840, 2_160, 30), ['avc1.640033', 'avc1.42e033', 'vp09.00.50.08', 'av01.0.12M.08']);
});

test('pictures keep their shape, are never enlarged, and are even', () => {
  const limit = { width: 1_280, height: 720 };
  assert.deepEqual(fitSize({ width: 1_920, height: 1_080 }, limit, 1), { width: 1_280, height: 720 });
  assert.deepEqual(fitSize({ width: 640, height: 480 }, limit, 1), { width: 640, height: 480 });
  assert.deepEqual(fitSize({ width: 1_080, height: 1_920 }, limit, 1), { width: 720, height: 1_280 });
  assert.deepEqual(fitSize({ width: 1_280, height: 720 }, limit, 0.25), { width: 320, height: 180 });
  assert.deepEqual(fitSize({ width: 3_001, height: 999 }, limit, 0.5), { width: 640, height: 214 });
  assert.deepEqual(fitSize({ width: 1, height: 1 }, limit, 0.25), { width: 2, height: 2 });
});
