// What a channel may be called.

const SEGMENT = /^[A-Za-z0-9._~-]+$/;

/** Says what is wrong with a channel name, or nothing: 1–128 characters in all, segments of `[A-Za-z0-9._~-]` joined by `/`, none of them `.` or `..`. */
export function channelNameFault(name: string): string | undefined {
  if (name.length === 0) return 'a channel name has at least one character';
  if (name.length > 128) return `a channel name has at most 128 characters, this one has ${name.length}`;
  for (const segment of name.split('/')) {
    if (segment === '') return 'a channel name has no empty segment: no / at its start or end, no //';
    if (segment === '.' || segment === '..') return `a channel name has no segment "${segment}"`;
    if (!SEGMENT.test(segment)) return `"${segment}": a channel name's segments are made of A-Z a-z 0-9 . _ ~ -`;
  }
  return undefined;
}
