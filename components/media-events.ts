// The inner video's events, which don't leave a shadow root by themselves.

/** Passed on as they are. `play`, `pause` and `error` are missing: the element fires its own, once each. */
const forwarded = [
  'abort',
  'canplay',
  'canplaythrough',
  'durationchange',
  'emptied',
  'ended',
  'enterpictureinpicture',
  'leavepictureinpicture',
  'loadeddata',
  'loadedmetadata',
  'loadstart',
  'playing',
  'progress',
  'ratechange',
  'resize',
  'seeked',
  'seeking',
  'stalled',
  'suspend',
  'timeupdate',
  'volumechange',
  'waiting',
] as const;

/** Fires on `target` whatever media event `video` fires. */
export function forwardMediaEvents(video: HTMLVideoElement, target: EventTarget): void {
  for (const type of forwarded) video.addEventListener(type, () => target.dispatchEvent(new Event(type)));
}
