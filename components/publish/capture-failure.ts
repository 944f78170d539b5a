// What a browser says when it gives no device -> why there is no broadcast.

import type { PublishErrorCode, PublishSource } from './publish-state.ts';
import type { PublishStrings } from './publish-strings.ts';

/** The code for what a request for devices was rejected with. `null`: the user thought better of it, which is no failure. */
export function captureFailure(error: unknown, source: PublishSource): PublishErrorCode | null {
  if (!(error instanceof DOMException)) return error instanceof TypeError ? 'no-device' : 'engine';
  switch (error.name) {
    case 'NotAllowedError':
      // Who closes the choice of screens has not forbidden anything.
      return source === 'screen' ? null : 'denied';
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no-device';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'engine';
  }
}

/** What comes in the way before anything is asked, if anything does. */
export function captureObstacle(source: PublishSource): PublishErrorCode | null {
  if (source === 'own') return null;
  // Hidden from pages that aren't secure; TypeScript's DOM has it always.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices) return 'insecure';
  return source === 'screen' && !canShareScreen() ? 'no-screen' : null;
}

/** Phones' browsers don't. */
export function canShareScreen(): boolean {
  return 'getDisplayMedia' in (navigator.mediaDevices ?? {});
}

/** One sentence, or what the engine says. */
export function adviceFor(strings: PublishStrings, code: PublishErrorCode, message = ''): string {
  return strings.advice[code] ?? message;
}
