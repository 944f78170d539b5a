// Two viewers in one page, their signals carried to each other as the relay would.

import { PeerConnections, type PeerConnectionsOptions } from '../../components/links/peer-connections.ts';
import { peerLink } from '../../components/links/peer-link.ts';
import type { PeerEvent, PeerSignal } from '../../components/links/peer-messages.ts';
import type { DataChannelLink } from '../../core/links/data-channel-link.ts';
import type { PeerId } from '../../core/peer-id.ts';
import { until } from './expect.ts';

/** One viewer: its connections and what they have told. */
export class TestPeer {
  readonly connections: PeerConnections;
  readonly events: PeerEvent[] = [];
  /** The newest link to each peer. */
  readonly links = new Map<PeerId, DataChannelLink>();
  readonly self: PeerId;
  /** Sees each signal before it goes; false: it is lost. */
  pass: (signal: PeerSignal) => boolean = () => true;
  /** Sees each new link in the task in which it is made. */
  onLink: (link: DataChannelLink, peer: PeerId) => void = () => {};
  readonly #network: Map<PeerId, TestPeer>;

  constructor(network: Map<PeerId, TestPeer>, self: PeerId, options: Partial<PeerConnectionsOptions> = {}) {
    this.#network = network;
    this.self = self;
    network.set(self, this);
    this.connections = new PeerConnections({ emit: event => this.#take(event), consent: async () => true, ...options });
    this.connections.handle({ type: 'ice-servers', iceServers: [], self });
  }

  connect(peer: PeerId): void {
    this.connections.handle({ type: 'connect', peer });
  }

  /** Says something to this viewer in the name of another. */
  hear(signal: PeerSignal): void {
    this.connections.handle({ type: 'signal', signal });
  }

  /** `failed` and `closed` so far, as text. */
  get ends(): string[] {
    return this.events.flatMap(event =>
      event.type === 'failed' || event.type === 'closed' ? [`${event.type} ${event.peer}: ${event.reason}`] : [],
    );
  }

  /** Signals of a kind said so far. */
  said(kind: PeerSignal['kind']): PeerSignal[] {
    return this.events.flatMap(event => (event.type === 'signal' && event.signal.kind === kind ? [event.signal] : []));
  }

  /** The open link to a peer. */
  async linked(peer: PeerId): Promise<DataChannelLink> {
    let open: DataChannelLink | undefined;
    const find = () => {
      const link = this.links.get(peer);
      if (link?.writable(0)) open = link;
      return open;
    };
    await until(find, `${this.self} has a link to ${peer}; ends: ${this.ends.join('; ')}`, 8_000);
    return open!; // just awaited
  }

  #take(event: PeerEvent): void {
    this.events.push(event);
    if (event.type === 'channels' || event.type === 'port') {
      this.links.get(event.peer)?.close(0, 'another takes its place');
      const link = peerLink(event);
      this.links.set(event.peer, link);
      this.onLink(link, event.peer);
    } else if (event.type === 'signal') void this.#carry(event.signal);
    else this.links.get(event.peer)?.close(5, event.reason);
  }

  async #carry(signal: PeerSignal): Promise<void> {
    if (!this.pass(signal)) return;
    await Promise.resolve(); // never within the call that said it
    this.#network.get(signal.peer)?.hear({ ...signal, peer: this.self });
  }
}

/** Makes viewers that reach each other, and takes all of them away. */
export class TestNetwork {
  readonly #peers = new Map<PeerId, TestPeer>();

  peer(self: PeerId, options: Partial<PeerConnectionsOptions> = {}): TestPeer {
    return new TestPeer(this.#peers, self, options);
  }

  close(): void {
    for (const peer of this.#peers.values()) peer.connections.close();
    this.#peers.clear();
  }
}
