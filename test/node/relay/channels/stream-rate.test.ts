import assert from 'node:assert/strict';
import test from 'node:test';
import { TICKS_PER_SECOND } from '../../../../core/time.ts';
import { StreamRate } from '../../../../relay/channels/stream-rate.ts';
import { unsignedChunk } from '../fixtures.ts';

/** Ten chunks of 1,000 bytes a second of media. */
const chunkAt = (number: number) =>
  unsignedChunk({ sequence: number, timestamp: (number * TICKS_PER_SECOND) / 10 }).header;

test('unknown at first; then by the time of the media, however it comes', () => {
  const rate = new StreamRate();
  for (let i = 0; i < 30; i++) rate.add(chunkAt(i), 1_000, 0);
  assert.equal(rate.bytesPerSecond(0), undefined);
  for (let i = 30; i < 100; i++) rate.add(chunkAt(i), 1_000, 500); // ten seconds in a burst
  for (let i = 100; i < 120; i++) rate.add(chunkAt(i), 1_000, i * 100);
  assert.ok(Math.abs(rate.bytesPerSecond(12_000)! - 10_000) < 200);
});

test('gaps and jumps back are no media', () => {
  const rate = new StreamRate();
  for (let i = 0; i < 100; i++) rate.add(chunkAt(i < 50 ? i : i + 36_000), 1_000, i * 100);
  for (let i = 0; i < 100; i++) rate.add(chunkAt(i), 1_000, 10_000 + i * 100);
  assert.ok(Math.abs(rate.bytesPerSecond(20_000)! - 10_000) < 200);
});

test('follows the stream, and remembers it through a pause', () => {
  const rate = new StreamRate();
  for (let i = 0; i < 300; i++) rate.add(chunkAt(i), 1_000, i * 100);
  for (let i = 300; i < 650; i++) rate.add(chunkAt(i), 4_000, i * 100);
  assert.ok(Math.abs(rate.bytesPerSecond(65_000)! - 40_000) < 400);
  assert.ok(Math.abs(rate.bytesPerSecond(500_000)! - 40_000) < 400);
});
