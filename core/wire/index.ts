// All messages, by name.

export { beacon } from './beacon.ts';
export { challenge } from './challenge.ts';
export { channelState } from './channel-state.ts';
export { chunk } from './chunk.ts';
export { goaway } from './goaway.ts';
export { init } from './init.ts';
export { ping } from './ping.ts';
export { pong } from './pong.ts';
export { prove } from './prove.ts';
export { publish } from './publish.ts';
export { published } from './published.ts';
export { refused } from './refused.ts';
export { skipped } from './skipped.ts';
export { subscribe } from './subscribe.ts';
export { unpublish } from './unpublish.ts';
