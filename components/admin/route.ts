// Which page of the dashboard is shown: the part of the address behind #.

/** The dashboard's pages, in the order of its navigation. */
export const PAGES = ['overview', 'channels', 'recordings', 'log'] as const;
export type PageName = (typeof PAGES)[number];

/** A page; with `channel`, the one of that channel. */
export interface Route {
  readonly page: PageName;
  readonly channel?: string;
}

/** Reads `#/channels/room%2Falice`; what is no page is the overview. */
export function readRoute(hash: string): Route {
  const [page, channel] = hash.replace(/^#?\/?/, '').split('/');
  const known = PAGES.find(name => name === page) ?? 'overview';
  if (known !== 'channels' || !channel) return { page: known };
  try {
    return { page: known, channel: decodeURIComponent(channel) };
  } catch {
    return { page: known }; // cut off in the middle of a character
  }
}

/** The address of a page. */
export function routeHash({ page, channel }: Route): string {
  return channel === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(channel)}`;
}
