// Rights that change while somebody watches: who has none left is told why and goes, all others play on.

import assert from 'node:assert/strict';
import test from 'node:test';
import { WIRE_VERSION } from '../../../../core/wire/codec.ts';
import * as wire from '../../../../core/wire/index.ts';
import type { ChannelEntryInput } from '../../../../relay/config/channel-entry.ts';
import type { RelayConfigInput } from '../../../../relay/config/config.ts';
import type { Relay } from '../../../../relay/relay.ts';
import { until } from '../../../support/until.ts';
import { ADMIN_TOKEN, operatedRelay } from '../admin-api/stage.ts';
import { faultOfOrder, Party, PUBLISH_KEY, publisher, signerOf } from '../fixtures.ts';

const OTHER_KEY = 'another publish key of these tests';
const [OLD_VIEW_KEY, NEW_VIEW_KEY] = ['the view key until now', 'the view key from now on'];

const settings = (channels: ChannelEntryInput[], over: RelayConfigInput = {}): RelayConfigInput => ({
  ...{ publishKeys: [PUBLISH_KEY, OTHER_KEY], channels, admin: { token: ADMIN_TOKEN } },
  ...over,
});

function watch(relay: Relay, channel: string, token?: string): Party {
  const party = new Party(relay.connect());
  party.send(wire.subscribe, { version: WIRE_VERSION, channel, ...(token !== undefined && { token }) });
  return party;
}

const tokenFor = (relay: Relay, channels: string[], expiresInSeconds = 60) =>
  relay.issueToken({ channels, actions: ['view'], expiresInSeconds });

async function reasonOf(party: Party): Promise<string> {
  const { code, reason } = await party.gets(wire.refused);
  assert.equal(code, 'not-allowed');
  return reason;
}

/** What comes of a stream over HTTP: its length so far, and whether it has ended. */
function reading(response: Response) {
  const seen = { bytes: 0, isOver: false };
  const count = new WritableStream<Uint8Array>({
    write: part => void (seen.bytes += part.length),
    close: () => void (seen.isOver = true),
  });
  void response.body?.pipeTo(count).catch(() => {}); // the relay leaves
  return seen;
}

test('a channel that is closed keeps those with a token or a key; the others are told why', async () => {
  const { relay } = await operatedRelay(settings([]));
  const signer = await signerOf(1);
  const source = await publisher(relay, 'lecture', signer);
  let last = await source.group();
  const [token, elsewhere, short] = await Promise.all([
    tokenFor(relay, ['lecture']),
    tokenFor(relay, ['elsewhere']),
    tokenFor(relay, ['lecture'], 2),
  ]);
  const staying = [watch(relay, 'lecture', token), watch(relay, 'lecture', OLD_VIEW_KEY), watch(relay, 'lecture')];
  const leaving = [watch(relay, 'lecture'), watch(relay, 'lecture', elsewhere), watch(relay, 'lecture', 'no key')];
  const together = watch(relay, 'recordings/lecture/20261121T191500Z');
  const ending = watch(relay, 'lecture', short);
  for (const party of [...staying, ...leaving, ending]) await party.getsChunk(last);
  await together.gets(wire.channelState);
  staying[2]?.send(wire.renewAccess, { token });
  const [kept, ended] = await Promise.all([
    fetch(`${relay.url}/live/lecture.flv?token=${token}`),
    fetch(`${relay.url}/live/lecture.flv`),
  ]);
  const [stream, lost] = [reading(kept), reading(ended)];
  await until(() => lost.bytes > 0, 'the stream begins');

  relay.configure(settings([{ name: 'lecture', view: 'token', viewKeys: [OLD_VIEW_KEY], limits: { viewers: 1 } }]));
  const reasons = await Promise.all([...leaving, together].map(reasonOf));
  assert.deepEqual(reasons, [
    'watching lecture needs a token',
    'the token is not for lecture',
    'this is neither a token nor a key of the channel',
    'watching lecture needs a token',
  ]);
  for (const party of leaving) await party.ends();
  await until(() => lost.isOver, 'the stream without a right ends');
  const before = stream.bytes;
  last = await source.group(3, 5_000);
  for (const party of staying) {
    await party.getsChunk(last);
    assert.equal(faultOfOrder(party), undefined);
    assert.equal(party.sequences.length, 6, 'without a gap, though the channel is over its limit');
    assert.equal(party.end, undefined);
  }
  for (const party of leaving) assert.ok(!party.sequences.includes(last));
  await until(() => stream.bytes > before + 10_000, 'the stream with a token goes on');
  assert.ok(!stream.isOver);
  assert.equal(await reasonOf(ending), 'the token has expired', 'which was of no account before');
});

test('a view key that is taken back in the dashboard ends what it opened, and is not held against its address', async () => {
  const lab = { name: 'lab', view: 'token' as const, viewKeys: [OLD_VIEW_KEY] };
  const { relay, ask } = await operatedRelay(settings([lab]));
  const parties = Array.from({ length: 80 }, () => watch(relay, 'lab', OLD_VIEW_KEY));
  const token = await tokenFor(relay, ['lab']);
  const staying = watch(relay, 'lab', token);
  for (const party of [...parties, staying]) await party.gets(wire.channelState);
  const renamed = await ask('channels/lab', { method: 'PATCH', body: { record: false } });
  assert.equal(renamed.status, 200);
  const changed = await ask('channels/lab', { method: 'PATCH', body: { viewKeys: [NEW_VIEW_KEY] } });
  assert.equal(changed.status, 200);
  for (const party of parties) {
    assert.equal(await reasonOf(party), 'this is neither a token nor a key of the channel');
  }
  await watch(relay, 'lab', NEW_VIEW_KEY).gets(wire.channelState);
  assert.equal(staying.all(wire.refused).length, 0);
});

test('a key that is taken back ends what its tokens opened, to publishers too; those of other keys stay', async () => {
  const closed = [{ name: '*', view: 'token' as const }];
  const { relay } = await operatedRelay(settings(closed));
  const source = await publisher(relay, 'lecture', await signerOf(2)); // by the key that is taken back
  let last = await source.group();
  const old = watch(relay, 'lecture', await tokenFor(relay, ['lecture']));
  await old.getsChunk(last);
  relay.configure(settings(closed, { publishKeys: [OTHER_KEY, PUBLISH_KEY] }));
  const other = watch(relay, 'lecture', await tokenFor(relay, ['lecture']));
  await other.getsChunk(last);
  relay.configure(settings(closed, { publishKeys: [OTHER_KEY] }));
  assert.equal(await reasonOf(old), 'the token is not signed with a publish key of this relay');
  last = await source.group();
  await other.getsChunk(last);
  assert.equal(other.end, undefined);
});

test('an entry that is taken away ends its channel where there are no others', async () => {
  const refuse = { unlistedChannels: 'refuse' as const };
  const { relay } = await operatedRelay(settings([{ name: 'lecture' }, { name: 'lab' }], refuse));
  const [left, stays] = [watch(relay, 'lecture'), watch(relay, 'lab')];
  for (const party of [left, stays]) await party.gets(wire.channelState);
  relay.configure(settings([{ name: 'lab' }], refuse));
  assert.equal(await reasonOf(left), 'this relay has no channel lecture');
  assert.equal(stays.all(wire.refused).length, 0);
});
