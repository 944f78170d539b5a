// Opens a publisher's link to the relay: WebTransport, else WebSocket, as a viewer's.

import type { Link } from '../../../core/link.ts';
import { fetchChannelDocument } from '../../engine/channel-document.ts';
import type { RelayTransport } from '../../engine/engine-messages.ts';
import { raceToRelay } from '../../engine/relay-race.ts';
import { chooseTransports, favour } from '../../engine/transport-choice.ts';
import { steadyClock } from './steady-clock.ts';

/** What may wait in a WebSocket, in bytes: more would only be late. */
const HIGH_WATER = 49_152;

/** Connects again and again, first by the way that worked last. */
export class RelayConnector {
  readonly #relay: string;
  readonly #channel: string;
  #winner: RelayTransport | undefined;

  constructor(relay: string, channel: string) {
    this.#relay = relay;
    this.#channel = channel;
  }

  /** Rejects with an error whose message is a sentence. */
  async connect(signal: AbortSignal): Promise<Link> {
    const answer = await fetchChannelDocument(this.#relay, this.#channel, signal);
    if (answer.type === 'refused') throw new Error(answer.fault.message);
    const transports = chooseTransports(['webtransport', 'websocket'], {
      userAgent: navigator.userAgent,
      hasWebTransport: typeof WebTransport !== 'undefined',
    });
    const socket = { highWater: HIGH_WATER, wait: (ms: number) => steadyClock.wait(ms) };
    try {
      const link = await raceToRelay(answer.document, favour(this.#winner, transports), signal, socket);
      this.#winner = link.transport === 'webtransport' ? 'webtransport' : 'websocket';
      return link;
    } catch (error) {
      this.#winner = undefined;
      throw error;
    }
  }
}
