// Finds the built element for the relay's pages.

import type { Log } from '../log.ts';
import { type Assets, ELEMENT_PLACES, loadAssets } from './assets.ts';

/** What pages load, from this directory or from where the build puts it; the log says when there is no player. */
export async function findPlayer(directory: string | undefined, log: Log): Promise<Assets> {
  const places = directory === undefined ? ELEMENT_PLACES : [directory];
  const assets = await loadAssets(places);
  if (!assets.playable) {
    log.warn(
      { places },
      'no player to serve: p2p-live.js and p2p-live-engine.js are missing, so /embed and /watch say so; "npm run build" makes them',
    );
  }
  return assets;
}
