// What of which recording a path asks for.

import { readRecordingId } from '../../core/recording/recording-id.ts';

export interface RequestedRecording {
  readonly id: string;
  readonly channel: string;
  /** `document`: what a viewer needs; `data` and `index`: its files; the rest: a download in that container. */
  readonly part: 'document' | 'data' | 'index' | 'flv' | 'ts';
}

const PART = /^(.*?)(?:\/(data|index)|\.(flv|ts))?$/;

/** Reads the path behind `/recordings/`; undefined when it names none. */
export function requestedRecording(path: string): RequestedRecording | undefined {
  let decoded: string;
  try {
    // The raw path is decoded here, so that %2e%2e is seen for what it is.
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const [, id = '', file, container] = PART.exec(decoded) ?? [];
  const name = readRecordingId(id);
  const part = file ?? container ?? 'document';
  return name && isPart(part) ? { id, channel: name.channel, part } : undefined;
}

function isPart(text: string): text is RequestedRecording['part'] {
  return ['document', 'data', 'index', 'flv', 'ts'].includes(text);
}
