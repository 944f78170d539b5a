// Whom a connection comes from, also by way of proxies.

import { BlockList, isIP, isIPv6 } from 'node:net';

/** An IPv4 address as such, also where it came over an IPv6 socket; no zone. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

/** Whom a connection comes from: the last address in `X-Forwarded-For` that is not a proxy of ours, if one of ours has brought it. */
function clientAddress(peer: string, forwardedFor: string | null | undefined, trusted: BlockList): string {
  const chain = (forwardedFor ?? '').split(',').map(one => plainAddress(one.trim()));
  let address = plainAddress(peer);
  while (isTrusted(address, trusted)) {
    const before = chain.pop();
    if (!before) break;
    address = before;
  }
  return address;
}

/** The same by the proxies in force: addresses, and networks such as `10.0.0.0/8`. */
export function addressBehind(
  trustedProxies: () => readonly string[],
): (peer: string, forwardedFor: string | null | undefined) => string {
  let known: readonly string[] = [];
  let list = new BlockList();
  return (peer, forwardedFor) => {
    const proxies = trustedProxies();
    if (proxies !== known) [known, list] = [proxies, proxyList(proxies)];
    return clientAddress(peer, forwardedFor, list);
  };
}

function proxyList(trustedProxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of trustedProxies) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  return isIP(address) > 0 && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
