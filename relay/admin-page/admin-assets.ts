// What the dashboard's page loads: the built dashboard, the player's parts for its previews, and a style, read once when it is first asked for.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Assets, assetOf, ELEMENT_PLACES, hashOf, loadAssets } from '../pages/assets.ts';
import { ADMIN_STYLE } from './admin-style.ts';

export const ADMIN_SCRIPT = 'p2p-admin.js';
export const ADMIN_SHEET = 'p2p-admin.css';
/** Of the element's files those that it loads when it plays; it itself is within the dashboard. */
const PART = /^p2p-live-(?!watch)[\w.-]*\.js$/;

/** From the first of the places that has the dashboard; not `playable` where none has. */
export async function loadAdminAssets(places: readonly string[] = ELEMENT_PLACES): Promise<Assets> {
  for (const place of places) {
    const script = await readFile(join(place, ADMIN_SCRIPT)).catch(() => undefined); // not there
    if (!script) continue;
    const { files: player, playable } = await loadAssets([place]);
    const files = new Map([
      [ADMIN_SCRIPT, assetOf(ADMIN_SCRIPT, script)] as const,
      [ADMIN_SHEET, assetOf(ADMIN_SHEET, new TextEncoder().encode(ADMIN_STYLE))] as const,
      ...[...player].filter(([name]) => PART.test(name)),
    ]);
    return { version: hashOf([...files].map(([name, { etag }]) => name + etag).join()), files, playable };
  }
  return { version: '', files: new Map(), playable: false };
}
