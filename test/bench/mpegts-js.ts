// mpegts.js without a browser: its own demuxers and remuxer, fed as its IO controller feeds them.

import type { Bytes } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';

// The parts of its modules that are used; they come without types.
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

/** Opens a stream and returns what takes its bytes; `made` hears of each segment's size. */
export interface MpegTsJs {
  open(
    container: Container,
    first: Bytes,
    made: (kind: 'video' | 'audio', size: number) => void,
  ): (piece: Bytes) => void;
}

/** Loads its sources. */
export async function loadMpegTsJs(): Promise<MpegTsJs> {
  // It asks the browser's name when it loads.
  const scope: Record<string, unknown> = globalThis;
  scope.self ??= globalThis;
  scope.window ??= globalThis;
  scope.navigator ??= {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
  };
  // The names are not literals, so that the type checker leaves its sources alone.
  const load = async (path: string) => await import(`mpegts.js/src/${path}`);
  const demuxers: Record<Container, DemuxerClass> = {
    flv: (await load('demux/flv-demuxer.js')).default,
    ts: (await load('demux/ts-demuxer.ts')).default,
  };
  const RemuxerClass: new (config: unknown) => Remuxer = (await load('remux/mp4-remuxer.js')).default;
  const { createDefaultConfig } = await load('config.js');
  (await load('utils/logger.js')).default.ENABLE_VERBOSE = false;
  return {
    open(container, first, made) {
      const config = { ...createDefaultConfig(), isLive: true };
      const Demuxer = demuxers[container];
      const demuxer = new Demuxer(Demuxer.probe(first.slice().buffer), config);
      const nothing = () => {};
      demuxer.onError = (type: string, info: string) => {
        throw new Error(`mpegts.js: ${type} ${info}`);
      };
      demuxer.onMediaInfo = nothing;
      demuxer.onMetaDataArrived = nothing;
      demuxer.onScriptDataArrived = nothing;
      const remuxer = new RemuxerClass(config);
      remuxer.bindDataSource(demuxer);
      remuxer.onInitSegment = nothing;
      remuxer.onMediaSegment = (kind, { data }) => made(kind, data.byteLength);
      // What it leaves over goes before the next piece.
      let left: Bytes = new Uint8Array(0);
      let consumed = 0;
      return piece => {
        const bytes = new Uint8Array(left.length + piece.length);
        bytes.set(left);
        bytes.set(piece, left.length);
        const taken = demuxer.parseChunks(bytes.buffer, consumed);
        consumed += taken;
        left = bytes.subarray(taken);
      };
    },
  };
}
