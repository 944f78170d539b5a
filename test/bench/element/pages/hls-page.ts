// The page of hls.js, with ?source=: its own file, which brings its worker, as a script tag loads it.

import type HlsClass from 'hls.js';
import { pageVideo, query } from './first-frame.ts';

declare const Hls: typeof HlsClass;

const video = pageVideo();
const hls = new Hls({ liveSyncDurationCount: 3 });
hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && hls.startLoad());
hls.loadSource(query.get('source') ?? '');
hls.attachMedia(video);
video.play().catch(() => {}); // autoplay is allowed: only a reload of the source interrupts it
