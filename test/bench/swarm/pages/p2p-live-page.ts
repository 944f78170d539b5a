// The page of one of our viewers: the element as anyone would embed it, with ?relay= and ?name=.

import type { P2pLive } from '../../../../components/index.ts';
import { probe } from './video-probe.ts';

const query = new URLSearchParams(location.search);
await customElements.whenDefined('p2p-live');
const element = document.createElement('p2p-live') as P2pLive; // just defined
element.setAttribute('relay', query.get('relay') ?? '');
element.setAttribute('name', query.get('name') ?? '');
element.setAttribute('autoplay', '');
element.muted = true;
document.body.append(element);
await element.updateComplete;
const video = element.shadowRoot?.querySelector('video');
if (!video) throw new Error('the element has no video');
probe(video, () => {
  const { stats, state, error } = element;
  const swarm = stats?.swarm;
  return {
    bytesFromPeers: swarm ? swarm.bytesPushed + swarm.bytesPulled : null,
    bytesFromServer: stats?.bytesFromRelay ?? null,
    details: { state, error: error && `${error.reason}: ${error.message}`, ...stats },
  };
});
