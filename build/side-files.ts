// What is loaded only when it is needed, and only by whom: files of their own beside the element, each complete in itself.

import { basename } from 'node:path';
import type { Plugin } from 'vite';

/** What the build makes of a module. */
export interface SideFile {
  readonly entry: string;
  readonly file: string;
  /** Also beside the element in one file: few of its viewers need it. */
  readonly isAlwaysBeside?: boolean;
}

/**
 * Every module that is imported dynamically, by its file's name, with the file that the build makes of it. None of them imports another of the
 * build's files: an address with a query, or one that redirects, would load that file a second time.
 */
export const SIDE_FILES: Readonly<Record<string, SideFile>> = {
  'stream-engine.ts': { entry: 'components/engine/worker.ts', file: 'p2p-live-engine.js' },
  'ed25519.ts': { entry: 'core/ed25519.ts', file: 'p2p-live-ed25519.js' },
  'flv-transmuxer.ts': { entry: 'core/media/flv/flv-transmuxer.ts', file: 'p2p-live-flv.js' },
  'ts-transmuxer.ts': { entry: 'core/media/mpeg-ts/ts-transmuxer.ts', file: 'p2p-live-mpeg-ts.js' },
  'further-flv-codecs.ts': { entry: 'core/media/flv/further-flv-codecs.ts', file: 'p2p-live-flv-codecs.js' },
  'further-ts-codecs.ts': { entry: 'core/media/mpeg-ts/further-ts-codecs.ts', file: 'p2p-live-mpeg-ts-codecs.js' },
  'swarm-client.ts': { entry: 'components/engine/swarm-client.ts', file: 'p2p-live-swarm.js' },
  'peer-connections.ts': { entry: 'components/links/peer-connections.ts', file: 'p2p-live-peers.js' },
  'recording-session.ts': {
    entry: 'components/recording/recording-session.ts',
    file: 'p2p-live-recording.js',
    isAlwaysBeside: true,
  },
  'hls-playback.ts': {
    entry: 'components/native/hls-playback.ts',
    file: 'p2p-live-hls.js',
    isAlwaysBeside: true,
  },
  'stats-panel.ts': { entry: 'components/stats-panel.ts', file: 'p2p-live-panel.js' },
  'de.ts': { entry: 'components/locales/de.ts', file: 'p2p-live-de.js' },
  'ar.ts': { entry: 'components/locales/ar.ts', file: 'p2p-live-ar.js' },
  'publish-engine.ts': { entry: 'components/publish/engine/worker.ts', file: 'p2p-publish-engine.js' },
  'publish-de.ts': { entry: 'components/locales/publish-de.ts', file: 'p2p-publish-de.js' },
  'publish-ar.ts': { entry: 'components/locales/publish-ar.ts', file: 'p2p-publish-ar.js' },
  'room-de.ts': { entry: 'components/locales/room-de.ts', file: 'p2p-room-de.js' },
  'room-ar.ts': { entry: 'components/locales/room-ar.ts', file: 'p2p-room-ar.js' },
};

/** By the environments' names. */
export interface SideFilesOptions {
  /** Builds that keep all of it within. */
  readonly inside: readonly string[];
  /** The element in one file. */
  readonly single: string;
  /** The build for bundlers, which find the parts by themselves; only the engine is a file, as workers are made of it. */
  readonly bundled: string;
}

/** Leaves what is imported dynamically to the files beside; fails where no file is made of it. */
export function sideFiles({ inside, single, bundled }: SideFilesOptions): Plugin {
  return {
    name: 'side-files',
    enforce: 'pre',
    resolveDynamicImport(specifier, importer) {
      const { name } = this.environment;
      if (typeof specifier !== 'string' || !specifier.endsWith('.ts')) return null;
      const module = basename(specifier);
      const isBeside = name === single && SIDE_FILES[module]?.isAlwaysBeside;
      if (inside.includes(name) && !isBeside) return null;
      if (name === bundled) return module === 'stream-engine.ts' ? { id: './engine.js', external: 'relative' } : null;
      const side = SIDE_FILES[module];
      if (!side)
        this.error(`${importer} imports ${specifier} dynamically: build/side-files.ts must name a file for it`);
      return { id: `./${side.file}`, external: 'relative' };
    },
  };
}
