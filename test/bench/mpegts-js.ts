// mpegts.js without a browser: its own modules, fed through its own interface for custom loaders.

import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import type { Bytes } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import { writeFixture } from '../support/ffmpeg-fixtures.ts';

/** Hears of each media segment's size. */
type Made = (kind: 'video' | 'audio', size: number) => void;

// The parts of its modules that are used; they come without types.
interface Loader {
  onDataArrival(chunk: ArrayBuffer, byteStart: number, received: number): void;
  onComplete(from: number, to: number): void;
}
interface Controller {
  on(event: string, listener: (...args: never[]) => void): void;
  start(): void;
  destroy(): void;
}
interface Demuxer {
  onError: unknown;
  onMediaInfo: unknown;
  onMetaDataArrived: unknown;
  onScriptDataArrived: unknown;
  parseChunks(chunk: ArrayBuffer, byteStart: number): number;
}
type DemuxerClass = {
  new (probed: unknown, config: unknown): Demuxer;
  probe(bytes: ArrayBuffer): { match?: boolean };
};
interface Remuxer {
  onInitSegment: unknown;
  onMediaSegment: (kind: 'video' | 'audio', segment: { data: ArrayBuffer }) => void;
  bindDataSource(demuxer: Demuxer): void;
}

/** Two ways through it. */
export interface MpegTsJs {
  /** All of it as a player runs it in its default configuration: IO controller with its stash, demuxer, remuxer. `pieces` must own their buffers. */
  play(pieces: readonly Bytes[], made: Made): void;
  /** Demuxer and remuxer alone; what a demuxer leaves over is put before the next piece here. */
  remux(container: Container, pieces: readonly Bytes[], made: Made): void;
}

interface Modules {
  readonly log: Record<string, unknown>;
  readonly createDefaultConfig: () => Record<string, unknown>;
  readonly BaseLoader: new () => object;
  readonly Controller: new (source: unknown, config: unknown) => Controller;
  readonly flv: DemuxerClass;
  readonly ts: DemuxerClass;
  readonly Remuxer: new (config: unknown) => Remuxer;
}

const MODULES: Record<string, string> = {
  'default as log': 'utils/logger.js',
  createDefaultConfig: 'config.js',
  BaseLoader: 'io/loader.js',
  'default as Controller': 'core/transmuxing-controller.js',
  'default as flv': 'demux/flv-demuxer.js',
  'default as ts': 'demux/ts-demuxer.ts',
  'default as Remuxer': 'remux/mp4-remuxer.js',
};

// Its published bundle keeps these to itself, so they are bundled from the sources that come with it.
async function loadModules(): Promise<Modules> {
  const folder = fileURLToPath(new URL('../../node_modules/mpegts.js/src/', import.meta.url));
  const lines = Object.entries(MODULES).map(
    ([name, path]) => `export { ${name} } from ${JSON.stringify(folder + path)};`,
  );
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry: writeFixture('mpegts-entry.js', new TextEncoder().encode(lines.join('\n'))), formats: ['es'] },
    },
  });
  const bundle = Array.isArray(output) ? output[0] : output;
  const chunk = bundle && 'output' in bundle ? bundle.output[0] : undefined;
  if (!chunk) throw new Error('vite made nothing of mpegts.js');
  return await import(pathToFileURL(writeFixture('mpegts.mjs', new TextEncoder().encode(chunk.code))).href);
}

const nothing = () => {};

/** Loads its sources. */
export async function loadMpegTsJs(): Promise<MpegTsJs> {
  // It asks for the browser's name when it loads.
  const scope: Record<string, unknown> = globalThis;
  scope.self ??= globalThis;
  scope.window ??= globalThis;
  scope.navigator ??= {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
  };
  const modules = await loadModules();
  for (const level of ['INFO', 'WARN', 'DEBUG', 'VERBOSE']) modules.log[`ENABLE_${level}`] = false;
  const config = { ...modules.createDefaultConfig(), isLive: true };

  const play = (pieces: readonly Bytes[], made: Made): void => {
    class PiecesLoader extends modules.BaseLoader {
      open(this: Loader): void {
        let at = 0;
        for (const piece of pieces) {
          this.onDataArrival(piece.buffer, at, at + piece.length);
          at += piece.length;
        }
        this.onComplete(0, at - 1);
      }
      abort(): void {}
    }
    const source = { url: 'http://localhost/', duration: undefined, filesize: undefined };
    const controller = new modules.Controller(source, { ...config, customLoader: PiecesLoader });
    controller.on('media_segment', (kind: 'video' | 'audio', { data }: { data: ArrayBuffer }) =>
      made(kind, data.byteLength),
    );
    controller.on('demux_error', (type: string, info: string) => {
      throw new Error(`mpegts.js: ${type} ${info}`);
    });
    controller.start();
    controller.destroy();
  };

  const remux = (container: Container, pieces: readonly Bytes[], made: Made): void => {
    const DemuxerOf = modules[container];
    const demuxer = new DemuxerOf(DemuxerOf.probe(pieces[0]!.buffer), config);
    demuxer.onError = (type: string, info: string) => {
      throw new Error(`mpegts.js: ${type} ${info}`);
    };
    demuxer.onMediaInfo = nothing;
    demuxer.onMetaDataArrived = nothing;
    demuxer.onScriptDataArrived = nothing;
    const remuxer = new modules.Remuxer(config);
    remuxer.bindDataSource(demuxer);
    remuxer.onInitSegment = nothing;
    remuxer.onMediaSegment = (kind, { data }) => made(kind, data.byteLength);
    let left: Bytes = new Uint8Array(0);
    let consumed = 0;
    for (const piece of pieces) {
      let bytes = piece;
      if (left.length > 0) {
        bytes = new Uint8Array(left.length + piece.length);
        bytes.set(left);
        bytes.set(piece, left.length);
      }
      const taken = demuxer.parseChunks(bytes.buffer, consumed);
      consumed += taken;
      left = bytes.subarray(taken);
    }
  };
  return { play, remux };
}
