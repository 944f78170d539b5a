// What of which recording a path asks for.

import { readRecordingId } from '../../core/recording/recording-id.ts';

export interface RequestedRecording {
  readonly id: string;
  readonly channel: string;
  /** `document`: what a viewer needs; `data` and `index`: its files; `flv`, `ts`: a download in that container; the rest: HLS. */
  readonly part:
    | 'document'
    | 'data'
    | 'index'
    | 'flv'
    | 'ts'
    | 'm3u8'
    | { readonly segment: number }
    | { readonly init: number };
}

const PART = /^(.*?)(?:\/(data|index)|\.(flv|ts|m3u8)|\/(\d{1,15})\.m4s|\/init-(\d{1,15})\.mp4)?$/;

/** Reads the path behind `/recordings/`; undefined when it names none. */
export function requestedRecording(path: string): RequestedRecording | undefined {
  let decoded: string;
  try {
    // The raw path is decoded here, so that %2e%2e is seen for what it is.
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const [, id = '', file, container, segment, init] = PART.exec(decoded) ?? [];
  const name = readRecordingId(id);
  if (!name) return undefined;
  const of = { id, channel: name.channel };
  if (segment !== undefined) return { ...of, part: { segment: Number(segment) } };
  if (init !== undefined) return { ...of, part: { init: Number(init) } };
  const part = PARTS.find(one => one === (file ?? container));
  return { ...of, part: part ?? 'document' };
}

const PARTS = ['data', 'index', 'flv', 'ts', 'm3u8'] as const;
