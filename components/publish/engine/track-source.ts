// How a track's frames get from the page to the worker: by the best way that the browser has.

import { captureFrames } from './frame-capture.ts';
import type { MediaKind } from './publication-face.ts';
import type { Send, TrackSource } from './publish-messages.ts';
import { captureSound } from './sound-capture.ts';

/** On pages of Chromium only; the DOM library doesn't know it. */
interface ProcessorScope {
  readonly MediaStreamTrackProcessor?: new (init: {
    track: MediaStreamTrack;
  }) => { readonly readable: ReadableStream<VideoFrame | AudioData> };
}

/** Tells the worker where the frames of this track are; returns what ends it. */
export function sendTrack(kind: MediaKind, track: MediaStreamTrack | null, send: Send): () => void {
  const tell = (source: TrackSource, transfer: Transferable[] = []) => send({ type: 'source', kind, source }, transfer);
  if (!track || track.readyState === 'ended') {
    tell({ type: 'none' });
    return () => {};
  }
  const { MediaStreamTrackProcessor } = globalThis as ProcessorScope; // see there
  if (MediaStreamTrackProcessor) {
    const { readable } = new MediaStreamTrackProcessor({ track });
    tell({ type: 'readable', readable }, [readable]);
    return () => {};
  }
  if (kind === 'video') {
    const copy = track.clone(); // what is handed over is lost to the page
    try {
      tell({ type: 'track', track: copy }, [copy as unknown as Transferable]); // WebKit's tracks are
      return () => {};
    } catch {
      copy.stop();
    }
  }
  tell({ type: 'messages' });
  return kind === 'video' ? captureFrames(track, send) : captureSound(track, send);
}
