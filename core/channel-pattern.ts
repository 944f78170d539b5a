// Patterns of channel names: a name, all below one (`camera/*`), or all (`*`).

/** Whether a pattern stands for this channel. */
export function matchesChannel(pattern: string, channel: string): boolean {
  return pattern === '*' || pattern === channel || (pattern.endsWith('/*') && channel.startsWith(pattern.slice(0, -1)));
}

/** What is for a channel of all that has a name or pattern, the closest first: the channel's own, then longer patterns before shorter; equals in their order. */
export function allFor<T extends { readonly name: string }>(channel: string, among: Iterable<T>): T[] {
  const closeness = ({ name }: T) => (name === channel ? Number.MAX_VALUE : name.length);
  return [...among].filter(({ name }) => matchesChannel(name, channel)).sort((a, b) => closeness(b) - closeness(a));
}

/** The closest of them. */
export function closestTo<T extends { readonly name: string }>(channel: string, among: Iterable<T>): T | undefined {
  return allFor(channel, among)[0];
}
