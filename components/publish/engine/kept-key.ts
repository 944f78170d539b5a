// Where a tab keeps its channel key, so that the relay and the viewers know the publisher again after a reload.

import { fromBase64Url, toBase64Url } from '../../../core/bytes.ts';
import type { ChannelKey } from './publish-messages.ts';

/** For pages that may not store anything. */
const memory = new Map<string, string>();

function placeOf(relay: string, channel: string): string {
  return `p2p-publish ${new URL(relay, document.baseURI).origin} ${channel}`;
}

/** The key that this tab had for the channel, if any. */
export function keptKey(relay: string, channel: string): ChannelKey | undefined {
  const place = placeOf(relay, channel);
  let text = memory.get(place);
  try {
    text ??= sessionStorage.getItem(place) ?? undefined;
  } catch {
    // a page that may not
  }
  const [secretKey, publicKey] = (text ?? '').split('.').map(read);
  return secretKey && publicKey ? { secretKey, publicKey } : undefined;
}

/** Keeps a key as long as the tab lives. */
export function keepKey(relay: string, channel: string, { secretKey, publicKey }: ChannelKey): void {
  const place = placeOf(relay, channel);
  const text = `${toBase64Url(secretKey)}.${toBase64Url(publicKey)}`;
  memory.set(place, text);
  try {
    sessionStorage.setItem(place, text);
  } catch {
    // likewise
  }
}

function read(text: string) {
  try {
    const bytes = fromBase64Url(text);
    return bytes.length === 32 ? bytes : undefined;
  } catch {
    return undefined;
  }
}
