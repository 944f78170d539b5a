// Which pages may show a channel.

/** Whether an `Origin` header is one of `allowed`: `*`, an origin, or `https://*.example.org` for all below. */
export function coversOrigin(allowed: readonly string[], origin: string): boolean {
  const told = origin.toLowerCase();
  return allowed.some(one => {
    if (one === '*') return true;
    const [scheme = '', host = ''] = one.toLowerCase().split('://');
    if (!host.startsWith('*.')) return told === `${scheme}://${host}`;
    return told.startsWith(`${scheme}://`) && told.endsWith(host.slice(1)) && told.length > one.length - 1;
  });
}
