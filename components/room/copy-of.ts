// Events of what is inside, fired again outside.

import { type ChannelMessageEvent, channelMessage } from '../channel-message.ts';

/** The same event anew, as one can't be fired twice: a message, or a CustomEvent. */
export function copyOf(event: Event): Event {
  if (event instanceof MessageEvent) return channelMessage(event as ChannelMessageEvent); // RoomConnection fires no others
  return new CustomEvent(event.type, { detail: Reflect.get(event, 'detail') });
}
