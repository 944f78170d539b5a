// Importing this registers <p2p-stats>; the build makes dist/p2p-stats.js of it.

import { P2pStats } from './p2p-stats.ts';

if (!customElements.get('p2p-stats')) customElements.define('p2p-stats', P2pStats);

export { P2pStats };

declare global {
  interface HTMLElementTagNameMap {
    'p2p-stats': P2pStats;
  }
}
