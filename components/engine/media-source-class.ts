// The MediaSource that this thread has: the usual one, else Safari's managed one (the only one on an iPhone).

/** What constructs a MediaSource. */
export interface MediaSourceClass {
  new (): MediaSource;
  isTypeSupported(type: string): boolean;
}

/** Undefined where there is none. */
export function mediaSourceClass(): MediaSourceClass | undefined {
  if (typeof MediaSource !== 'undefined') return MediaSource;
  // Not in the DOM library's types; it is a MediaSource with more events.
  const managed: unknown = Reflect.get(globalThis, 'ManagedMediaSource');
  return typeof managed === 'function' ? (managed as unknown as MediaSourceClass) : undefined;
}

/** Whether a worker can construct one and hand its handle to the page. */
export function worksInWorker(): boolean {
  const found = mediaSourceClass();
  return found !== undefined && Reflect.get(found, 'canConstructInDedicatedWorker') === true;
}
