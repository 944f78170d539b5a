// The simulated relay: its sessions, what it pushes to whom, and the coordinator that plans for it. Its own uplink has no limit: what it sends is counted.

import type { CoordinatorOutput } from '../../core/swarm/coordinator-face.ts';
import type { Millis } from '../../core/time.ts';
import { sequenceBits } from '../../core/wire/sequence-bits.ts';
import * as EVENT from './event-kinds.ts';
import { TICK_MS } from './event-wheel.ts';
import type { CoordinatorMachine, CoordinatorMaker } from './machines.ts';
import * as sizes from './message-sizes.ts';
import type { RelayMail, ViewerMail } from './sim-mail.ts';
import type { SimViewer } from './sim-viewer.ts';
import { FIRST_SEQUENCE } from './source-stream.ts';
import type { World } from './world.ts';

const BEACON_EVERY_MS: Millis = 500;
const WINDOW_MS: Millis = 60_000;
/** Who still gets something from the relay after this time is a root or an orphan. */
/** Later it is not a newcomer's settling, but the end of a root's time. */
const SETTLES_WITHIN_MS: Millis = 20_000;
const NEWCOMER_MS: Millis = 10_000;

/** One viewer's link as the relay sees it. */
interface Session {
  readonly viewer: SimViewer;
  stripes: number;
  inSwarm: boolean;
  /** A newcomer gets everything from the relay until peers have taken over. */
  isNewcomer: boolean;
  readonly since: Millis;
}

/** The relay, over all its lives. */
export class SimRelay {
  /** Which life it is in; 0 while it is down. */
  life = 0;
  readonly #world: World;
  readonly #maker: CoordinatorMaker;
  #lives = 0;
  #coordinator: CoordinatorMachine | undefined;
  #wakeAt: Millis = Number.POSITIVE_INFINITY;
  readonly #sessions = new Map<number, Session>();
  /** Sessions to which a stripe is pushed. */
  #pushed: Set<Session>[] = [];

  constructor(world: World, maker: CoordinatorMaker) {
    this.#world = world;
    this.#maker = maker;
  }

  start(): void {
    const { settings, wheel, now } = this.#world;
    this.life = ++this.#lives;
    const chunkKbps = settings.rateKbps * (this.#world.chunkBytes / settings.chunkBytes);
    this.#coordinator = this.#maker({ stripes: settings.stripes, stripeKbps: chunkKbps / settings.stripes });
    this.#pushed = Array.from({ length: settings.stripes }, () => new Set<Session>());
    this.#wakeAt = Number.POSITIVE_INFINITY;
    wheel.add(now + BEACON_EVERY_MS, EVENT.RELAY_BEACONS, 0, this.life, 0, undefined);
  }

  /** It is gone: viewers see their links end. */
  stop(): void {
    const { wheel, network, now } = this.#world;
    for (const { viewer } of this.#sessions.values()) {
      const at = now + network.control(this.#world.relayDelay(viewer));
      wheel.add(at, EVENT.RELAY_LINK_DOWN, viewer.index, this.life, 0, undefined);
    }
    this.#sessions.clear();
    this.#coordinator = undefined;
    this.life = 0;
  }

  /** A chunk comes from the source. */
  captured(index: number): void {
    if (this.life === 0) return;
    for (const session of this.#pushed[index % this.#pushed.length]!) this.#push(session, index);
  }

  beacons(life: number): void {
    if (life !== this.life) return;
    const { wheel, network, figures, now } = this.#world;
    const newest = this.#newest;
    for (const { viewer } of this.#sessions.values()) {
      figures.now.controlBytes += sizes.BEACON_SIZE;
      const at = now + network.control(this.#world.relayDelay(viewer));
      wheel.add(at, EVENT.BEACON, viewer.index, newest, life, undefined);
    }
    wheel.add(now + BEACON_EVERY_MS, EVENT.RELAY_BEACONS, 0, life, 0, undefined);
  }

  /** Whether an offer from one viewer to the other passes. */
  passes(from: SimViewer, to: SimViewer, life: number): boolean {
    return life !== 0 && life === this.life && this.#coordinator!.mayTalk(from.id, to.id);
  }

  /** A viewer's link is found dead. */
  misses(viewer: SimViewer, life: number): void {
    if (life === this.life) this.#end(viewer);
  }

  wake(): void {
    const { now } = this.#world;
    if (!this.#coordinator || now < this.#wakeAt) return;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.#coordinator.poll(now);
    this.#settle();
  }

  /** A control message from a viewer, sent on the link of one of the relay's lives. */
  receive(viewer: SimViewer, life: number, mail: RelayMail): void {
    if (life === 0 || life !== this.life || !this.#coordinator) return;
    const { now, figures } = this.#world;
    if (mail.type === 'subscribe') {
      this.#subscribe(viewer, mail.resume);
      return;
    }
    const session = this.#sessions.get(viewer.index);
    if (!session) return;
    switch (mail.type) {
      case 'push-stripes':
        if (viewer.role === 'viewer') this.#pushStripes(session, mail.stripes, mail.from);
        return;
      case 'want':
        this.#give(viewer, mail.sequences);
        return;
      case 'bye':
        this.#end(viewer);
        return;
      case 'join-swarm':
        session.inSwarm = true;
        this.#coordinator.join(
          viewer.id,
          {
            role: mail.role,
            uploadKbps: mail.uploadKbps,
            neighbours: mail.neighbours,
            network: `net-${viewer.index}`,
            roundTripMs: 2 * this.#world.relayDelay(viewer),
          },
          now,
        );
        break;
      case 'report':
        this.#coordinator.report(viewer.id, mail.report, now);
        break;
      case 'complaint':
        figures.complaint(mail.grievance);
        this.#coordinator.complain(viewer.id, mail.peer, mail.grievance, mail.stripes, now);
        break;
      case 'served':
        this.#coordinator.served(viewer.id, mail.stripe, mail.parent, now);
    }
    this.#settle();
  }

  get #newest(): number {
    const { stream, now } = this.#world;
    return stream.indexAt(now + 1e-6 - stream.readyAt(0) + stream.capturedAt(0)) - 1;
  }

  #subscribe(viewer: SimViewer, resume: { stripes: number; from: number } | undefined): void {
    const session: Session = {
      viewer,
      stripes: 0,
      inSwarm: false,
      isNewcomer: resume === undefined,
      since: this.#world.now,
    };
    this.#sessions.set(viewer.index, session);
    const newest = this.#newest;
    const group = this.#world.stream.groupOf(Math.max(0, newest));
    if (viewer.role === 'source') return;
    if (resume && resume.from > 0) {
      const oldest = FIRST_SEQUENCE + Math.max(0, group - this.#world.stream.groupSize);
      this.#pushStripes(session, resume.stripes, Math.max(oldest, resume.from));
    } else this.#pushStripes(session, 2 ** this.#pushed.length - 1, FIRST_SEQUENCE + group);
  }

  #pushStripes(session: Session, stripes: number, from: number): void {
    const added = stripes & ~session.stripes;
    session.stripes = stripes;
    for (const [stripe, pushed] of this.#pushed.entries()) {
      if ((stripes & (1 << stripe)) === 0) pushed.delete(session);
      else pushed.add(session);
    }
    if (session.isNewcomer && stripes === 0) {
      session.isNewcomer = false;
      const after = this.#world.now - session.since;
      if (after < SETTLES_WITHIN_MS) this.#world.figures.settled.add(after / 10);
    }
    if (added === 0 || from === 0) return;
    const newest = this.#newest;
    for (let index = this.#oldestFrom(from - FIRST_SEQUENCE); index <= newest; index++) {
      if ((added & (1 << (index % this.#pushed.length))) !== 0) this.#push(session, index);
    }
  }

  #oldestFrom(index: number): number {
    return Math.max(index, 0, this.#newest - Math.floor(WINDOW_MS / this.#world.stream.intervalMs));
  }

  #give(viewer: SimViewer, sequences: readonly number[]): void {
    const { figures } = this.#world;
    const newest = this.#newest;
    const missing: number[] = [];
    for (const sequence of sequences) {
      const index = sequence - FIRST_SEQUENCE;
      if (index > newest || index < this.#oldestFrom(index)) missing.push(sequence);
      else {
        figures.now.relayPulled++;
        this.#send(viewer, index);
      }
    }
    if (missing.length > 0) this.#tell(viewer, { type: 'lacking', sequences: sequenceBits(0, missing) });
  }

  #push(session: Session, index: number): void {
    if (session.isNewcomer && this.#world.now - session.since < NEWCOMER_MS) this.#world.figures.now.relayFirst++;
    this.#send(session.viewer, index);
  }

  #send(viewer: SimViewer, index: number): void {
    const { wheel, network, figures, chunkBytes, now } = this.#world;
    figures.now.relayChunks++;
    const at = now + network.relayChunk(chunkBytes, this.#world.relayDelay(viewer));
    wheel.add(at, EVENT.CHUNK, viewer.index, index, 1, undefined);
  }

  #tell(viewer: SimViewer, mail: ViewerMail): void {
    const { wheel, network, figures, now } = this.#world;
    figures.now.controlBytes += mailSize(mail);
    viewer.fromRelayAt = Math.max(viewer.fromRelayAt, now + network.control(this.#world.relayDelay(viewer)));
    wheel.add(viewer.fromRelayAt, EVENT.VIEWER_MAIL, viewer.index, this.life, 0, mail);
  }

  #end(viewer: SimViewer): void {
    const session = this.#sessions.get(viewer.index);
    if (!session) return;
    this.#sessions.delete(viewer.index);
    for (const pushed of this.#pushed) pushed.delete(session);
    if (session.inSwarm) {
      this.#coordinator?.leave(viewer.id, this.#world.now);
      this.#settle();
    }
  }

  /** Brings the coordinator's wishes to the viewers. */
  #settle(): void {
    const coordinator = this.#coordinator!;
    const { wheel, viewers, now } = this.#world;
    for (const output of coordinator.take()) {
      const viewer = viewers[output.to - 1];
      if (viewer && this.#sessions.has(viewer.index)) this.#tell(viewer, output);
    }
    const wakeAt = coordinator.wakeAt();
    if (wakeAt === undefined || wakeAt >= this.#wakeAt) return;
    this.#wakeAt = Math.max(now + TICK_MS, wakeAt);
    wheel.add(this.#wakeAt, EVENT.RELAY_WAKE, 0, 0, 0, undefined);
  }
}

function mailSize(mail: CoordinatorOutput | ViewerMail): number {
  if (mail.type === 'plan') return sizes.planMessageSize(mail.plan.parents.length + mail.plan.spares.length);
  return mail.type === 'drop' ? sizes.DROP_SIZE : sizes.sequenceBitsSize(mail.sequences.bits.length);
}
