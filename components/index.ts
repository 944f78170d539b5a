// What other programs may import: the class, its events' details, and the words to translate. Nothing is registered.

export type { PlayerStats } from './engine/player-stats.ts';
export { P2pLive } from './p2p-live.ts';
export type { PlayerError, PlayerState } from './player.ts';
export { strings } from './strings.ts';
