// Channel names: what is accepted, and what is said of the rest.

import assert from 'node:assert/strict';
import test from 'node:test';
import { channelNameFault } from '../../../core/channel-name.ts';

test('names that are accepted', () => {
  for (const name of ['lecture', 'room/alice', 'A.b_c~d-0', 'a'.repeat(128)])
    assert.equal(channelNameFault(name), undefined);
});

test('names that are refused, with what is wrong', () => {
  for (const [name, fault] of [
    ['', /at least one/],
    ['a'.repeat(200), /at most 128 characters, this one has 200/],
    ['../etc/passwd', /no segment "\.\."/],
    ['room/./x', /no segment "\."/],
    ['/lecture', /empty segment/],
    ['lecture/', /empty segment/],
    ['a//b', /empty segment/],
    ['vorlesung ä', /made of/],
    ['a%2e', /made of/],
    ['a\n', /made of/],
  ] as const) {
    assert.match(channelNameFault(name) ?? 'accepted', fault);
  }
});
