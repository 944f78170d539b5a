// Tells which viewers are near each other by their addresses.

/** The network of an IP address: IPv4 without its last part, IPv6 its first 48 bits; any other text as it is. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return plain.slice(0, plain.lastIndexOf('.'));
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const whole = [...groups, ...new Array(Math.max(0, zeros)).fill('0'), ...(tail ? tail.split(':') : [])];
  return whole
    .slice(0, 3)
    .map(group => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
