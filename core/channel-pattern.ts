// Patterns of channel names: a name, all below one (`camera/*`), or all (`*`).

/** Whether a pattern stands for this channel. */
export function matchesChannel(pattern: string, channel: string): boolean {
  return pattern === '*' || pattern === channel || (pattern.endsWith('/*') && channel.startsWith(pattern.slice(0, -1)));
}

/** What counts for a channel of all that has a name or pattern: the channel's own, else that of the longest pattern; of equals the first. */
export function closestTo<T extends { readonly name: string }>(channel: string, among: Iterable<T>): T | undefined {
  let best: T | undefined;
  for (const one of among) {
    if (one.name === channel) return one;
    if (matchesChannel(one.name, channel) && one.name.length > (best?.name.length ?? 0)) best = one;
  }
  return best;
}
