// The page of p2p-media-loader with hls.js, with ?tracker= and ?source=, tuned for live.

import type HlsClass from 'hls.js';
import { HlsJsP2PEngine } from 'p2p-media-loader-hlsjs';
import { pageVideo, query } from './first-frame.ts';

declare const Hls: typeof HlsClass;

const video = pageVideo();
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
  },
});
hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && hls.startLoad());
hls.loadSource(query.get('source') ?? '');
hls.attachMedia(video);
video.play().catch(() => {}); // autoplay is allowed: only a reload of the source interrupts it
