// Which transports to try, and in which order.

import type { RelayTransport } from './engine-messages.ts';

/** WebTransport of these browsers stalls: WebKit's, and Firefox's before 153. */
const FIREFOX_FROM = 153;

/** Whether this browser's WebTransport can be relied on, as far as its user agent tells. */
export function trustsWebTransport(userAgent: string): boolean {
  const firefox = /\bFirefox\/(\d+)/.exec(userAgent)?.[1];
  if (firefox) return Number(firefox) >= FIREFOX_FROM;
  const isChromium = /\b(Chrome|Chromium|HeadlessChrome)\//.test(userAgent);
  return isChromium || !/\bAppleWebKit\//.test(userAgent);
}

/** The transports to try, best first: of those asked for, those that the browser has; none is left out that is the only one. */
export function chooseTransports(
  asked: readonly RelayTransport[],
  browser: { readonly userAgent: string; readonly hasWebTransport: boolean },
): RelayTransport[] {
  const usable = asked.filter(transport => transport !== 'webtransport' || browser.hasWebTransport);
  if (usable.length < 2 || trustsWebTransport(browser.userAgent)) return usable;
  return usable.filter(transport => transport !== 'webtransport');
}

/** The same transports, the winner of an earlier race first. */
export function favour(winner: RelayTransport | undefined, transports: readonly RelayTransport[]): RelayTransport[] {
  if (!winner || !transports.includes(winner)) return [...transports];
  return [winner, ...transports.filter(transport => transport !== winner)];
}
