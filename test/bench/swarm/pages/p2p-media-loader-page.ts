// The page of one of p2p-media-loader's viewers: hls.js with its engine, tuned for live, with ?tracker= and ?source=.

import Hls from 'hls.js';
import { HlsJsP2PEngine } from 'p2p-media-loader-hlsjs';
import { probe } from './video-probe.ts';

const query = new URLSearchParams(location.search);
const video = document.querySelector('video');
if (!video) throw new Error('the page has no video');
const details = { peers: 0, uploaded: 0, errors: 0, lastError: '' };
let bytesFromPeers = 0;
let bytesFromServer = 0;
probe(video, () => ({ bytesFromPeers, bytesFromServer, details }));

const fail = (error: string) => {
  details.errors++;
  details.lastError = error;
};
const HlsWithP2P = HlsJsP2PEngine.injectMixin(Hls);
const hls = new HlsWithP2P({
  liveSyncDurationCount: 3,
  p2p: {
    core: {
      highDemandTimeWindow: 1,
      swarmId: 'bench',
      announceTrackers: [query.get('tracker') ?? ''],
      rtcConfig: { iceServers: [] },
    },
    onHlsJsCreated({ p2pEngine }) {
      p2pEngine.addEventListener('onChunkDownloaded', (length, source) => {
        if (source === 'p2p') bytesFromPeers += length;
        else bytesFromServer += length;
      });
      p2pEngine.addEventListener('onChunkUploaded', length => (details.uploaded += length));
      p2pEngine.addEventListener('onPeerConnect', () => details.peers++);
      p2pEngine.addEventListener('onPeerClose', () => details.peers--);
      p2pEngine.addEventListener('onTrackerError', ({ error }) => fail(String(error)));
    },
  },
});
hls.on(Hls.Events.ERROR, (_, { details: what, fatal }) => {
  fail(what);
  if (fatal) hls.startLoad();
});
hls.loadSource(query.get('source') ?? '');
hls.attachMedia(video);
video.play().catch(() => {}); // autoplay is allowed: only a reload of the source interrupts it
