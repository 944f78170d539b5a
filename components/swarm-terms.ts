// Holds a visit's terms with the swarm: hands them to each player, and tells it when they change.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { recallUplink, rememberUplink } from './known-uplink.ts';
import { P2pConsent } from './p2p-consent.ts';
import { type P2pWishes, p2pPolicy, viewersConnection } from './p2p-policy.ts';
import type { Player, PlayerFactory, PlayerTarget } from './player.ts';

/** From so many bytes on the estimate of the uplink rests on something. */
const MEASURED_BYTES = 2_000_000;
const REMEMBER_EVERY_MS = 60_000;

/** Wraps the making of players. The host calls `renew` when its wishes change. */
export class SwarmTerms implements ReactiveController {
  readonly #wishes: P2pWishes;
  readonly #consent: P2pConsent;
  readonly #connection = viewersConnection();
  #player: Player | undefined;
  /** By the players before this one. */
  #uploadedBytes = 0;
  #knownUploadKbps = recallUplink(Date.now());
  #rememberedAt = 0;

  constructor(host: ReactiveControllerHost & EventTarget & P2pWishes) {
    this.#wishes = host;
    this.#consent = new P2pConsent(host);
    host.addController(this);
  }

  hostConnected(): void {
    this.#connection?.addEventListener('change', this.renew);
    this.renew();
  }

  hostDisconnected(): void {
    this.#connection?.removeEventListener('change', this.renew);
  }

  /** A player on the present terms. */
  admit(create: PlayerFactory, video: HTMLVideoElement, target: PlayerTarget): Player {
    this.#uploadedBytes += this.#player?.stats.swarm.bytesUploaded ?? 0;
    const player = create(video, { ...target, swarm: this.#policy(), consent: () => this.#consent.ask() });
    this.#player = player;
    player.addEventListener('stats', () => this.#remember(player));
    return player;
  }

  /** Puts the present terms into force. */
  readonly renew = (): void => {
    if (this.#player) this.#player.swarm = this.#policy();
  };

  #policy() {
    const visit = { uploadedBytes: this.#uploadedBytes, knownUploadKbps: this.#knownUploadKbps };
    return p2pPolicy(this.#wishes, this.#connection, visit);
  }

  #remember({ stats: { swarm } }: Player): void {
    const now = Date.now();
    const enough = swarm.state === 'joined' && swarm.bytesUploaded >= MEASURED_BYTES && swarm.uploadKbps > 0;
    if (!enough || now - this.#rememberedAt < REMEMBER_EVERY_MS) return;
    this.#rememberedAt = now;
    this.#knownUploadKbps = swarm.uploadKbps;
    rememberUplink(swarm.uploadKbps, now);
  }
}
