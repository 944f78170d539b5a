// The relay's pages, asked as a fetch, with a small element in place of the built one.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../../../relay/config/config.ts';
import { createApp } from '../../../../relay/http/app.ts';
import { channelDocument } from '../../../../relay/http/channel-document.ts';
import { loadAssets } from '../../../../relay/pages/assets.ts';
import { temporaryDirectory } from '../fixtures.ts';

/** A folder as the build leaves it. */
export function builtElement(): string {
  const folder = join(temporaryDirectory(), 'dist');
  mkdirSync(folder);
  writeFileSync(join(folder, 'p2p-live.js'), 'export const element = "built";'.repeat(40));
  writeFileSync(join(folder, 'p2p-live-engine.js'), 'export const engine = 1;');
  writeFileSync(join(folder, 'p2p-live.cdn.js'), 'export const all = 1;');
  writeFileSync(join(folder, 'p2p-live.js.map'), '{}');
  writeFileSync(join(folder, 'index.js'), 'export const classes = 1;');
  return folder;
}

/** How the face differs from the usual one. */
export interface PagesStage {
  readonly places?: readonly string[];
  readonly frameAncestors?: readonly string[];
  readonly directory?: string;
}

/** Asks a relay at http://relay.example:4080. */
export async function pagesFace({ places = [builtElement()], frameAncestors = ['*'], directory }: PagesStage = {}) {
  const { swarm } = parseConfig({});
  const assets = await loadAssets(places);
  const app = createApp({
    document: (name, host, secure) =>
      channelDocument(
        name,
        undefined,
        { host, secure, certificateHashes: [], webTransportPort: 4433 },
        { iceServers: [], swarm, clock: 0 },
      ),
    stats: () => undefined,
    health: () => ({ status: 'ok' }),
    pages: { assets, frameAncestors },
    directory,
  });
  return async (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://relay.example:4080${path}`, { headers: { host: 'relay.example:4080', ...headers } });
}

/** Directives of a policy by name. */
export function policyOf(response: Response): Record<string, string> {
  const policy = response.headers.get('content-security-policy') ?? '';
  return Object.fromEntries(policy.split('; ').map(line => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]));
}
