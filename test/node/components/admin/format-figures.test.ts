// Figures of the dashboard in words, and its addresses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatKbps,
  formatMs,
  formatShare,
  formatSmall,
} from '../../../../components/admin/format-figures.ts';
import { readRoute, routeHash } from '../../../../components/admin/route.ts';

test('what is not known is a dash', () => {
  for (const format of [formatBytes, formatCount, formatDuration, formatKbps, formatMs, formatShare, formatSmall])
    for (const nothing of [null, undefined, Number.NaN]) assert.equal(format(nothing), '–');
});

test('three figures and a unit are enough', () => {
  assert.deepEqual([0, 999, 46_200_000, 212e6, 5.56e9, 182e9, 9_996_000].map(formatBytes), [
    ...['0 B', '999 B', '46.2 MB', '212 MB', '5.56 GB', '182 GB', '10.0 MB'],
  ]);
  assert.deepEqual([0, 840, 999.6, 1_240].map(formatMs), ['0 ms', '840 ms', '1.0 s', '1.2 s']);
  assert.deepEqual([0, 0.001, 0.02, 12.34].map(formatSmall), ['0', '<0.01', '0.02', '12.3']);
  assert.deepEqual([0, 9_000, 249_000, 7_500_000, 273_600_000].map(formatDuration), [
    ...['0 s', '9 s', '4:09 min', '2 h 05 min', '3 d 4 h'],
  ]);
});

test('addresses name pages and channels, and what is no page is the overview', () => {
  for (const route of [{ page: 'log' }, { page: 'channels' }, { page: 'channels', channel: 'room/tea/ada' }] as const)
    assert.deepEqual(readRoute(routeHash(route)), route);
  for (const hash of ['', '#', '#/nowhere', '#/overview/x']) assert.deepEqual(readRoute(hash), { page: 'overview' });
  assert.deepEqual(readRoute('#/channels/%E0%A4%A'), { page: 'channels' });
});
