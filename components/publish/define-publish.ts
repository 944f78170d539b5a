// Importing this registers <p2p-publish>; the build makes dist/p2p-publish.js of it. On a server, where there are no elements, it does nothing.

import { P2pPublish } from './p2p-publish.ts';

if (globalThis.customElements && !customElements.get('p2p-publish')) customElements.define('p2p-publish', P2pPublish);

export type { TokenProvider } from './broadcast-host.ts';
export type { PublishSettings, PublishStats } from './engine/publication.ts';
export type { P2pPublishEventMap } from './p2p-publish-events.ts';
export type { PublishError, PublishErrorCode, PublishSource, PublishState, PublishWarning } from './publish-state.ts';
export { type PublishStrings, publishStrings } from './publish-strings.ts';
export { P2pPublish };

declare global {
  interface HTMLElementTagNameMap {
    'p2p-publish': P2pPublish;
  }
}
