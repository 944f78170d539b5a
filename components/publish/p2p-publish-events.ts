// The events of <p2p-publish> by name, for whoever listens in TypeScript.

import type { PublishStats } from './engine/publication.ts';
import type { P2pPublish } from './p2p-publish.ts';
import type { PublishError, PublishState, PublishWarning } from './publish-state.ts';

/** What the element fires. */
export interface P2pPublishEventMap {
  /** It is on its way on air, or back. */
  statechange: CustomEvent<{ readonly state: PublishState; readonly previous: PublishState }>;
  /** Once for each failure; `error` of the element tells the same. */
  error: CustomEvent<PublishError>;
  /** Something went wrong, and the broadcast goes on. */
  warning: CustomEvent<PublishWarning>;
  /** Once a second while it is on air. */
  stats: CustomEvent<PublishStats>;
  /** The user has muted something, or chosen another source, device, size or bitrate: the properties tell. */
  change: Event;
}

type Options = boolean | AddEventListenerOptions;
type Listener<Type extends keyof P2pPublishEventMap> = (this: P2pPublish, event: P2pPublishEventMap[Type]) => unknown;

declare module './p2p-publish.ts' {
  interface P2pPublish {
    addEventListener<Type extends keyof P2pPublishEventMap>(
      type: Type,
      listener: Listener<Type>,
      options?: Options,
    ): void;
    addEventListener<Type extends keyof HTMLElementEventMap>(
      type: Type,
      listener: (this: P2pPublish, event: HTMLElementEventMap[Type]) => unknown,
      options?: Options,
    ): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: Options): void;
  }
}
