// The MediaSource that this thread has: the managed one where there is one (the only one on an iPhone), else the usual.

/** What constructs a MediaSource. */
export interface MediaSourceClass {
  new (): MediaSource;
  isTypeSupported(type: string): boolean;
}

/** Undefined where there is none. */
export function mediaSourceClass(): MediaSourceClass | undefined {
  // Not in the DOM library's types; it is a MediaSource with more events.
  const managed: unknown = Reflect.get(globalThis, 'ManagedMediaSource');
  if (typeof managed === 'function') return managed as unknown as MediaSourceClass;
  return typeof MediaSource === 'undefined' ? undefined : MediaSource;
}

/** Whether a worker can construct one and hand its handle to the page. */
export function worksInWorker(): boolean {
  const found = mediaSourceClass();
  return found !== undefined && Reflect.get(found, 'canConstructInDedicatedWorker') === true;
}

/** Whether a MediaSource wants to be fed: a managed one (Managed Media Source API, `streaming`) at times does not. */
export function wantsMedia(source: MediaSource): boolean {
  return Reflect.get(source, 'streaming') !== false;
}

/** Whether MPEG audio has to come as it is, because this browser does not take it in MP4. Asked on the page: workers may have no MediaSource. */
export function takesMpegAudioRaw(): boolean {
  return mediaSourceClass()?.isTypeSupported('audio/mp4; codecs="mp3"') === false;
}
