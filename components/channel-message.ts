// The event that brings a message from somebody on the channel.

import type { HeardMessage } from './engine/heard-message.ts';

/** What somebody on the channel has sent. */
export interface ChannelMessageEvent extends MessageEvent<string | ArrayBuffer> {
  /** A room member's name, or `#` and some letters that stand for somebody while connected. */
  readonly from: string;
  /** It was sent here. */
  readonly own: boolean;
}

/** A new event, not dispatched yet. */
export function channelMessage({ data, from, own }: HeardMessage): ChannelMessageEvent {
  return Object.assign(new MessageEvent('message', { data }), { from, own });
}
