// The inner video's events, which don't leave a shadow root by themselves.

/** Passed on as they are. Missing are those that the element fires itself: `play`, `pause`, `ended`, `error` and `ratechange`. */
const forwarded = [
  'abort',
  'canplay',
  'canplaythrough',
  'durationchange',
  'emptied',
  'enterpictureinpicture',
  'leavepictureinpicture',
  'loadeddata',
  'loadedmetadata',
  'loadstart',
  'playing',
  'progress',
  'resize',
  'seeked',
  'seeking',
  'stalled',
  'suspend',
  'timeupdate',
  'volumechange',
  'waiting',
] as const;

/** Fires on `target` whatever media event `video` fires, and nothing twice in a row that `<video src>` fires once. */
export function forwardMediaEvents(video: HTMLVideoElement, target: EventTarget): void {
  let isEmpty = true;
  let waits = false;
  let duration = Number.NaN;
  // A source is taken away, and played again, in several steps.
  const isNews = (type: (typeof forwarded)[number]): boolean => {
    if (type === 'loadstart') isEmpty = false;
    if (type === 'durationchange') {
      if (Object.is(video.duration, duration)) return false;
      ({ duration } = video);
    }
    if (type === 'emptied' || type === 'abort') {
      if (isEmpty) return false;
      isEmpty = type === 'emptied';
    }
    if (type === 'waiting') {
      if (waits) return false;
      waits = true;
    } else if (type === 'playing' || type === 'emptied') waits = false;
    if (type === 'emptied') duration = Number.NaN;
    return true;
  };
  video.addEventListener('pause', () => {
    waits = false;
  });
  for (const type of forwarded)
    video.addEventListener(type, event => {
      if (isNews(type)) target.dispatchEvent(copyOf(event));
    });
}

/** Of the same kind and with all it carries, as the window of a picture in picture. */
function copyOf(event: Event): Event {
  const Kind = event.constructor as typeof Event; // an event's class takes a type and what the event carries
  return new Kind(event.type, event);
}
