// Run by Deno: a WebTransport viewer that subscribes and never reads what comes. Arguments: URL, base64url certificate hash, channel.

import { fromBase64Url } from '../../../core/bytes.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import { encodeMessage } from '../../../core/wire/framing.ts';
import { pong, subscribe } from '../../../core/wire/index.ts';

declare const Deno: { readonly args: readonly string[] };

const [url = '', hash = '', channel = ''] = Deno.args;
const session = new WebTransport(url, {
  serverCertificateHashes: [{ algorithm: 'sha-256', value: fromBase64Url(hash) }],
});
await session.ready;
const control = (await session.createBidirectionalStream()).writable.getWriter();
await control.write(encodeMessage(subscribe, { version: WIRE_VERSION, channel }));
console.log('subscribed');
// It looks alive, but answers no ping.
setInterval(() => void control.write(encodeMessage(pong, { sentAt: 0, clock: 0 })).catch(() => {}), 1_000);
session.closed.then(
  () => console.log('closed'),
  () => console.log('closed'),
);
