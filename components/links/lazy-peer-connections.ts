// The page's peer connections before they are loaded, which is when the first peer may be connected: the picture comes first.

import type { PeerConnections, PeerConnectionsOptions } from './peer-connections.ts';
import type { PeerCommand } from './peer-messages.ts';

/** Takes the engine's commands from the beginning, and has them carried out in order. */
export class LazyPeerConnections {
  readonly #options: PeerConnectionsOptions;
  readonly #loaded: Promise<PeerConnections | string>;

  constructor(options: PeerConnectionsOptions) {
    this.#options = options;
    this.#loaded = import('./peer-connections.ts').then(module => new module.PeerConnections(options), String);
  }

  async handle(command: PeerCommand): Promise<void> {
    const loaded = await this.#loaded;
    if (typeof loaded !== 'string') loaded.handle(command);
    else if (command.type === 'connect')
      this.#options.emit({ type: 'failed', peer: command.peer, reason: `peers can't be connected: ${loaded}` }, []);
  }

  /** Ends all connections; the peers are told. */
  async close(): Promise<void> {
    const loaded = await this.#loaded;
    if (typeof loaded !== 'string') loaded.close();
  }
}
