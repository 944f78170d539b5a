// The players that `bench -- element` compares.

export const PLAYERS = ['p2p-live', 'hls.js', 'mpegts.js', 'p2p-media-loader+hls.js'] as const;
export type Player = (typeof PLAYERS)[number];

/** Names of the pages: a path of the origin has no dots in its folders. */
export const SLUGS: Readonly<Record<Player, string>> = {
  'p2p-live': 'p2p-live',
  'hls.js': 'hls',
  'mpegts.js': 'mpegts',
  'p2p-media-loader+hls.js': 'p2p-media-loader',
};
