// What wishes and connections come to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectionView, type P2pWishes, p2pPolicy } from '../../../components/p2p-policy.ts';

const PLAIN: P2pWishes = {
  p2p: 'on',
  maxUploadKbps: null,
  maxUploadMb: null,
  p2pCellular: false,
  p2pPrivacy: false,
};
const FRESH = { uploadedBytes: 0, knownUploadKbps: null };
const PRECIOUS: ConnectionView[] = [
  { saveData: true },
  { type: 'cellular' },
  { saveData: false, type: 'wifi', effectiveType: '2g' },
  { effectiveType: 'slow-2g' },
];

test('without wishes or limits it is on', () => {
  const expected = { mode: 'on', maxUploadKbps: null, maxUploadBytes: null, knownUploadKbps: null };
  for (const connection of [undefined, {}, { saveData: false, type: 'wifi', effectiveType: '4g' }, { type: 'unknown' }])
    assert.deepEqual(p2pPolicy(PLAIN, connection, FRESH), expected, JSON.stringify(connection));
});

test('the mode follows the attribute, and what is unknown is on', () => {
  for (const [p2p, mode] of [
    ['on', 'on'],
    ['off', 'off'],
    ['download-only', 'download-only'],
    ['perhaps', 'on'],
    ['', 'on'],
  ] as const)
    assert.equal(p2pPolicy({ ...PLAIN, p2p }, undefined, FRESH).mode, mode, p2p);
});

test('precious connections only take, unless the page allows more', () => {
  for (const connection of PRECIOUS) {
    const said = JSON.stringify(connection);
    assert.equal(p2pPolicy(PLAIN, connection, FRESH).mode, 'download-only', said);
    assert.equal(p2pPolicy({ ...PLAIN, p2pCellular: true }, connection, FRESH).mode, 'on', said);
    assert.equal(p2pPolicy({ ...PLAIN, p2p: 'off' }, connection, FRESH).mode, 'off', said);
  }
});

test('privacy is stronger than every other wish', () => {
  for (const p2p of ['on', 'off', 'download-only'])
    assert.equal(p2pPolicy({ ...PLAIN, p2p, p2pPrivacy: true, p2pCellular: true }, undefined, FRESH).mode, 'off', p2p);
});

test('limits are passed on, and 0 is none', () => {
  const limited = p2pPolicy({ ...PLAIN, maxUploadKbps: 800, maxUploadMb: 1.5 }, undefined, FRESH);
  assert.equal(limited.maxUploadKbps, 800);
  assert.equal(limited.maxUploadBytes, 1_500_000);
  for (const none of [0, -1, Number.NaN, null]) {
    const policy = p2pPolicy({ ...PLAIN, maxUploadKbps: none, maxUploadMb: none }, undefined, FRESH);
    assert.equal(policy.maxUploadKbps, null);
    assert.equal(policy.maxUploadBytes, null);
    assert.equal(policy.mode, 'on');
  }
});

test('the limit of a visit outlives its players', () => {
  const wishes = { ...PLAIN, maxUploadMb: 2 };
  const later = p2pPolicy(wishes, undefined, { ...FRESH, uploadedBytes: 1_250_000 });
  assert.equal(later.maxUploadBytes, 750_000);
  assert.equal(later.mode, 'on');
  const spent = p2pPolicy(wishes, undefined, { ...FRESH, uploadedBytes: 2_000_001 });
  assert.equal(spent.maxUploadBytes, 0);
  assert.equal(spent.mode, 'download-only');
});

test('what is known of the line is a hint for the engine', () => {
  assert.equal(p2pPolicy(PLAIN, undefined, { ...FRESH, knownUploadKbps: 4_200 }).knownUploadKbps, 4_200);
});
