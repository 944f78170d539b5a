import assert from 'node:assert/strict';
import test from 'node:test';
import { parseConfig } from '../../../../relay/config/config.ts';
import { AddressBook, subscriberOf } from '../../../../relay/sessions/address-book.ts';

function stage(limits: { linksPerAddress?: number; handshakesPerMinute?: number; channelsPerAddress?: number }) {
  let now = 0;
  const { limits: whole } = parseConfig({ limits });
  const book = new AddressBook(
    () => whole,
    () => now,
  );
  return { book, pass: (ms: number) => (now += ms) };
}

test('links at a time, by address; whoever is refused counts until it has left', () => {
  const { book } = stage({ linksPerAddress: 2 });
  assert.equal(book.arrive('a'), undefined);
  assert.equal(book.arrive('a'), undefined);
  assert.equal(book.arrive('b'), undefined);
  assert.equal(book.arrive('a'), 'at most 2 links from one address');
  book.leave('a');
  book.leave('a');
  assert.equal(book.arrive('a'), undefined);
});

test('new links within a minute, though each has left', () => {
  const { book, pass } = stage({ handshakesPerMinute: 3 });
  for (const expected of [undefined, undefined, undefined, 'at most 3 new links a minute from one address']) {
    assert.equal(book.arrive('a'), expected);
    book.leave('a');
    book.sweep();
  }
  pass(60_000);
  assert.equal(book.arrive('a'), undefined);
});

test('channels at a time; one channel many times is one', () => {
  const { book } = stage({ channelsPerAddress: 2 });
  assert.equal(book.open('a', 'x'), undefined);
  assert.equal(book.open('a', 'x'), undefined);
  assert.equal(book.open('a', 'y'), undefined);
  assert.equal(book.open('a', 'z'), 'at most 2 channels from one address');
  assert.equal(book.open('b', 'z'), undefined);
  book.close('a', 'x');
  assert.equal(book.open('a', 'z'), 'at most 2 channels from one address');
  book.close('a', 'x');
  assert.equal(book.open('a', 'z'), undefined);
});

test('who has gone is forgotten after a minute, and at once when there are very many', () => {
  const { book, pass } = stage({});
  for (let i = 0; i < 60_000; i++) {
    book.arrive(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    book.leave(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  }
  assert.ok(book.size <= 50_001, `${book.size} are remembered`);
  book.arrive('stays');
  pass(60_000);
  book.sweep();
  assert.equal(book.size, 1);
});

test('a subscriber is an IPv4 address, or 64 bits of IPv6', () => {
  assert.equal(subscriberOf('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(subscriberOf('2001:db8:1:2::5'), subscriberOf('2001:0DB8:1:2:aaaa:bbbb:cccc:dddd'));
  assert.notEqual(subscriberOf('2001:db8:1:2::5'), subscriberOf('2001:db8:1:3::5'));
  assert.equal(subscriberOf('::1'), '0:0:0:0::/64');
  assert.equal(subscriberOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
});
