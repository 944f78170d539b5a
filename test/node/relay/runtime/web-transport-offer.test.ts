import assert from 'node:assert/strict';
import test from 'node:test';
import type { Link, Transport } from '../../../../core/link.ts';
import { memoryLinkPair } from '../../../../core/links/memory-link.ts';
import { WebTransportOffer } from '../../../../relay/runtime/web-transport-offer.ts';

function linkOver(transport: Transport): Link {
  const [link] = memoryLinkPair();
  return Object.defineProperty(link, 'transport', { value: transport });
}

test('it is open to so many at a time; other transports take no room', async () => {
  let most = 2;
  const offer = new WebTransportOffer(() => most);
  const isOpen = () => offer.portOf({ port: 4_080 }) === 4_080;
  const links = [linkOver('webtransport'), linkOver('websocket'), linkOver('webtransport')];
  const open = links.map(link => {
    offer.counted(link);
    return isOpen();
  });
  assert.deepEqual(open, [true, true, false]);
  links[1]!.close(0, 'gone');
  await links[1]!.closed;
  assert.equal(isOpen(), false);
  links[0]!.close(0, 'gone');
  await links[0]!.closed;
  assert.equal(isOpen(), true);
  most = 1;
  assert.equal(isOpen(), false, 'who is there stays, nobody comes');
});
