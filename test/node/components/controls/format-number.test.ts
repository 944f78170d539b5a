// Times and numbers as three languages write them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatClock, formatSeconds, speakSeconds } from '../../../../components/controls/format-number.ts';
import { words as arabic } from '../../../../components/locales/ar.ts';
import { words as german } from '../../../../components/locales/de.ts';
import { strings as english } from '../../../../components/strings.ts';

test('clocks have hours only when there are some', () => {
  const table: [number, string][] = [
    [0, '0:00'],
    [-3, '0:00'],
    [9.9, '0:09'],
    [83, '1:23'],
    [3599, '59:59'],
    [3600, '1:00:00'],
    [36_065, '10:01:05'],
  ];
  for (const [seconds, clock] of table) assert.equal(formatClock(seconds), clock);
});

test('spans are spoken in the right plural', () => {
  assert.equal(speakSeconds(english, 1), '1 second');
  assert.equal(speakSeconds(english, 0.4), '0 seconds');
  assert.equal(speakSeconds(english, 83), '1 minute 23 seconds');
  assert.equal(speakSeconds(english, 7200), '2 hours');
  assert.equal(speakSeconds(german, 121), '2 Minuten 1 Sekunde');
  // One, two and few have forms of their own.
  assert.equal(new Set([1, 2, 3].map(count => speakSeconds(arabic, count).replace(/\d+ /, ''))).size, 3);
});

test('seconds have one digit after the point, and are never less than none', () => {
  assert.equal(formatSeconds(english, 0.86), '0.9s');
  assert.equal(formatSeconds(english, -1), '0.0s');
  assert.match(formatSeconds(german, 12.34), /^12,3\s/);
  assert.match(formatSeconds(arabic, 12.34), /^12.3\s/);
});

test('every translation says everything', () => {
  for (const words of [german, arabic]) {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
    assert.deepEqual(Object.keys(words.failures).sort(), Object.keys(english.failures).sort());
    for (const [key, value] of Object.entries(words)) if (typeof value === 'string') assert.notEqual(value, '', key);
  }
});
