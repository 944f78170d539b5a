// The page of mpegts.js, with ?source=: HTTP-FLV, tuned for live, in its worker.

import type Mpegts from 'mpegts.js';
import { pageVideo, query } from './first-frame.ts';

declare const mpegts: typeof Mpegts;

mpegts.LoggingControl.enableAll = false;
const video = pageVideo();
const player = mpegts.createPlayer(
  { type: 'flv', isLive: true, url: query.get('source') ?? '' },
  { enableWorker: true, enableStashBuffer: false, liveSync: true },
);
player.attachMediaElement(video);
player.load();
// It plays for as long as the page is there: whatever interrupts the start is tried again by the player.
Promise.resolve(player.play()).catch(() => {});
