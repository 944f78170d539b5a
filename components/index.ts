// What other programs may import: the classes, its events' details, and the words to translate. Nothing is registered.

export type { ChannelMessageEvent } from './channel-message.ts';
export type { PlayerStats } from './engine/player-stats.ts';
export type { PeerView, SwarmStats } from './engine/swarm-stats.ts';
export type { P2pConsentDetail } from './p2p-consent.ts';
export { P2pLive } from './p2p-live.ts';
export type { P2pLiveEventMap } from './p2p-live-events.ts';
export type { PlaybackError } from './playback-error.ts';
export type { PlayerState } from './player.ts';
export { P2pStats } from './stats/p2p-stats.ts';
export { statsStrings } from './stats/stats-strings.ts';
export { type Strings, strings } from './strings.ts';
export type { Metadata } from './timed-metadata.ts';
