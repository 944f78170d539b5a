// An engine's stand-in in a worker: makes links of what the page hands over, echoes chunks, and tells what came.

import { peerLink } from '../../components/links/peer-link.ts';
import type { PeerChannelsEvent } from '../../components/links/peer-messages.ts';

addEventListener('message', ({ data: event }: MessageEvent<PeerChannelsEvent>) => {
  const link = peerLink(event);
  link.receive = (type, body) => {
    const message = new Uint8Array(body.length + 3);
    message.set([type, 0x40 | (body.length >> 8), body.length & 255]);
    message.set(body, 3);
    link.send(message, 1);
  };
  void link.opened.then(opened => postMessage({ type: 'opened', opened, by: event.type }));
  void link.closed.then(close => postMessage({ type: 'closed', close }));
});
