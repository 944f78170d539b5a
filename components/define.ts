// Importing this registers <p2p-live>.

import { P2pLive } from './p2p-live.ts';

if (!customElements.get('p2p-live')) customElements.define('p2p-live', P2pLive);

export { P2pLive };

declare global {
  interface HTMLElementTagNameMap {
    'p2p-live': P2pLive;
  }
}
