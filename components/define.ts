// Importing this registers <p2p-live>. On a server, where there are no elements, it does nothing.

import { P2pLive } from './p2p-live.ts';

if (globalThis.customElements && !customElements.get('p2p-live')) customElements.define('p2p-live', P2pLive);

export { P2pLive };

declare global {
  interface HTMLElementTagNameMap {
    'p2p-live': P2pLive;
  }
}
