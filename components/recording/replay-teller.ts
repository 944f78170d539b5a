// Tells neighbours and relay, each when it is time: where one watches, which chunks one holds, how sharing fares.

import type { Bytes } from '../../core/bytes.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import type { GroupStore } from './group-store.ts';
import type { RecordingMap } from './recording-map.ts';
import type { ReplayNeighbour } from './replay-neighbour.ts';
import { blockMessage, placeMessage } from './replay-news.ts';
import { blockOf } from './sequence-blocks.ts';

const NEWS_MS: Millis = 300;
const REPORT_MS: Millis = 2_000;

/** What there is to tell. */
interface Viewer {
  readonly map: RecordingMap;
  readonly store: GroupStore;
  /** The group that is shown. */
  readonly place: number;
  tellRelay(message: Bytes): void;
}

export interface ReplayTellerOptions {
  readonly viewer: Viewer;
  readonly track: () => number;
  /** Whether the relay knows of this viewer. */
  readonly isJoined: () => boolean;
  /** Whether others may be given anything. */
  readonly isGiving: () => boolean;
  /** Those with whom there is a connection. */
  readonly peers: () => readonly ReplayNeighbour[];
  readonly tellPeer: (peer: PeerId, message: Bytes) => void;
  /** How sharing fares. */
  readonly report: () => Bytes;
}

export class ReplayTeller {
  readonly #options: ReplayTellerOptions;
  #toldPlace: number | undefined;
  #newsAt: Millis = 0;
  #reportedAt: Millis = 0;

  constructor(options: ReplayTellerOptions) {
    this.#options = options;
  }

  /** To be called often; `now` is any steady clock. */
  tick(now: Millis): void {
    const { viewer, peers, isJoined, report } = this.#options;
    if (now - this.#newsAt >= NEWS_MS) {
      this.#newsAt = now;
      this.#tellPlace();
      for (const neighbour of peers()) this.#tellNews(neighbour);
    }
    if (!isJoined() || now - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = now;
    viewer.tellRelay(report());
  }

  /** The relay has just been told of this viewer. */
  joined(): void {
    this.#toldPlace = undefined;
    this.#tellPlace();
  }

  /** A neighbour knows nothing yet. */
  meet(neighbour: ReplayNeighbour): void {
    const { store } = this.#options.viewer;
    for (const place of store.whole) {
      for (const sequence of store.sequencesOf(place)) neighbour.news.add(blockOf(sequence));
    }
    this.#options.tellPeer(neighbour.id, this.#placeMessage());
    this.#tellNews(neighbour);
  }

  /** Where one watches, to the relay and to the neighbours. */
  #tellPlace(): void {
    const { viewer, isJoined, peers, tellPeer } = this.#options;
    const { place } = viewer;
    if (!isJoined() || place === this.#toldPlace) return;
    this.#toldPlace = place;
    const message = this.#placeMessage();
    viewer.tellRelay(message);
    for (const { id } of peers()) tellPeer(id, message);
  }

  #placeMessage(): Bytes {
    const { viewer, track } = this.#options;
    return placeMessage(track(), viewer.map.groups.at(viewer.place)?.sequence ?? 0);
  }

  #tellNews(neighbour: ReplayNeighbour): void {
    const { viewer, track, isGiving, tellPeer } = this.#options;
    const { map, store } = viewer;
    if (!isGiving()) return;
    const isHeld = (sequence: number) => store.get(sequence) !== undefined && store.whole.has(map.placeOf(sequence));
    for (const base of neighbour.news) tellPeer(neighbour.id, blockMessage(track(), base, isHeld));
    neighbour.news.clear();
  }
}
