// The engine's end of what the page hands over about a peer.

import { type DataChannelLink, dataChannelLink } from '../../core/links/data-channel-link.ts';
import { channelsOfPort } from './data-channel-port.ts';
import type { PeerChannelsEvent } from './peer-messages.ts';

/** The link over a peer's channels. Call it in the task in which the event came. */
export function peerLink(event: PeerChannelsEvent): DataChannelLink {
  const channels = event.type === 'port' ? channelsOfPort(event.port) : event;
  return dataChannelLink(channels, { wait: ms => new Promise(resolve => setTimeout(resolve, ms)) });
}
