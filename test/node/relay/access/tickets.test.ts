// Tickets: what admits pages over transports that don't tell which page it is.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AccessControl, type Admission } from '../../../../relay/access/access-control.ts';
import { parseConfig } from '../../../../relay/config/config.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';
import { createLog } from '../../../../relay/log.ts';

let now = 0;
const channels = ['pages', 'others'].map(name => ({ name, embedOrigins: ['https://page.example'] }));
const access = await AccessControl.open({
  ...{ live: new LiveConfig(parseConfig({ channels })), publishKeys: () => [], viewersOf: () => 0 },
  ...{ log: createLog('silent'), clock: Date.now, steady: () => now },
});

async function admission(channel: string, ticket: string | undefined, over: Partial<Admission> = {}): Promise<string> {
  const answer = await access.admits(channel, { address: '192.0.2.1', isPageUnknown: true, ticket, ...over });
  return answer.ok ? 'ok' : answer.code;
}

test('a ticket is for one channel and its recordings, for two minutes, and can not be made up', async () => {
  const ticket = access.ticketFor('pages');
  assert.ok(ticket);
  assert.equal(await admission('pages', ticket), 'ok');
  assert.equal(await admission('recordings/pages/20261121T191500Z', ticket), 'ok');
  assert.equal(await admission('others', ticket), 'unavailable');
  assert.equal(await admission('pages', undefined), 'not-allowed');
  const [end = '', mac = ''] = ticket.split('.');
  const later = (Number.parseInt(end, 36) + 1).toString(36);
  for (const forged of ['', '.', 'x.y', `${later}.${mac}`, `${end}.`, `${end}.${mac}AAAA`, `${end}.${mac.slice(1)}`])
    assert.equal(await admission('pages', forged), 'unavailable', forged);
  now = 119_999;
  assert.equal(await admission('pages', ticket), 'ok');
  now = 120_000;
  assert.equal(await admission('pages', ticket), 'unavailable');
  assert.equal(await admission('pages', ticket, { isThere: true }), 'ok', 'who was let in stays');
});

test('where the page is known, or may be any, no ticket is needed', async () => {
  assert.equal(await admission('pages', undefined, { isPageUnknown: false, origin: 'https://page.example' }), 'ok');
  assert.equal(await admission('pages', undefined, { isPageUnknown: false, origin: 'null' }), 'not-allowed');
  assert.equal(await admission('anything', undefined), 'ok');
  assert.equal(access.ticketFor('anything'), undefined);
  assert.equal(access.isOpen('anything'), true);
  assert.equal(access.isOpen('pages'), false);
});
