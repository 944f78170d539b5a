// What is remembered of a viewer's line, and for how long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recallUplink, rememberUplink } from '../../../components/known-uplink.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const DAY = 24 * 3600 * 1000;

function drawer(kept: string | null = null) {
  const box = { kept, getItem: () => box.kept, setItem: (_key: string, value: string) => void (box.kept = value) };
  return box;
}

test('is remembered for a week', () => {
  const box = drawer();
  rememberUplink(2_499.7, NOW, () => box);
  assert.equal(
    recallUplink(NOW, () => box),
    2_500,
  );
  assert.equal(
    recallUplink(NOW + 6.9 * DAY, () => box),
    2_500,
  );
  assert.equal(
    recallUplink(NOW + 7 * DAY, () => box),
    null,
  );
});

test('a date in the future is not believed', () => {
  const box = drawer();
  rememberUplink(900, NOW + DAY, () => box);
  assert.equal(
    recallUplink(NOW, () => box),
    null,
  );
});

test('nothing is known from an empty drawer or from foreign words', () => {
  const date = new Date(NOW).toISOString();
  const foreign = ['', 'x', '7', '[]', '{}', 'null', '{"kbps":5}'];
  for (const kbps of ['"9"', '-1', '0', 'null']) foreign.push(`{"kbps":${kbps},"date":"${date}"}`);
  foreign.push('{"kbps":100,"date":"soon"}', '{"kbps":100,"date":7}');
  for (const kept of [null, ...foreign])
    assert.equal(
      recallUplink(NOW, () => drawer(kept)),
      null,
      String(kept),
    );
});

test('pages without storage are none the worse', () => {
  const forbidden = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  rememberUplink(100, NOW, forbidden);
  assert.equal(recallUplink(NOW, forbidden), null);
});
