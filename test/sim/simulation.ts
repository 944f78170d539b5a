// One simulated broadcast from start to end: discrete events drive the real scheduler of every viewer and the real coordinator.

import { RELAY } from '../../core/peer-id.ts';
import { Audience } from './audience.ts';
import * as EVENT from './event-kinds.ts';
import { TICK_MS } from './event-wheel.ts';
import { COUNTS_AFTER_MS, judgeSecond } from './judge.ts';
import type { CoordinatorMaker } from './machines.ts';
import { planScenario, type Scenario } from './scenario.ts';
import type { Settings } from './settings.ts';
import type { SimLink } from './sim-link.ts';
import type { HaveMail, PeerMail, RelayMail, ViewerMail } from './sim-mail.ts';
import { SimRelay } from './sim-relay.ts';
import type { SimViewer } from './sim-viewer.ts';
import { FIRST_SEQUENCE, START_MS } from './source-stream.ts';
import { Transport } from './transport.ts';
import { World } from './world.ts';

/** A run under way. */
export class Simulation {
  readonly world: World;
  readonly scenario: Scenario;
  readonly #relay: SimRelay;
  readonly #transport: Transport;
  readonly #audience: Audience;

  constructor(settings: Settings, coordinator: CoordinatorMaker) {
    const world = new World(settings);
    this.world = world;
    this.scenario = planScenario(settings, world.random);
    const relay = new SimRelay(world, coordinator);
    const transport = new Transport(world);
    this.#relay = relay;
    this.#transport = transport;
    const audience: Audience = new Audience(world, relay, transport, {
      get now() {
        return world.now;
      },
      stripes: settings.stripes,
      chunkBytes: world.chunkBytes,
      connect: (viewer, peer) => transport.connect(viewer, peer),
      disconnect: (viewer, link) => transport.disconnect(viewer, link),
      sendChunk: (viewer, link, index) => transport.sendChunk(viewer, link, index),
      sendHave: (viewer, link, base, bits) => transport.sendHave(viewer, link, base, bits),
      sendMail: (viewer, bytes, mail) => transport.sendMail(viewer, bytes, mail),
      sendToRelay: (viewer, bytes, mail) => audience.sendToRelay(viewer, bytes, mail),
    });
    this.#audience = audience;
    this.#prepare();
  }

  /** Runs up to a second of simulated time; false when all is over. */
  run(second: number): boolean {
    const { wheel, endMs } = this.world;
    wheel.run(Math.min(endMs, START_MS + second * 1_000), this.#handle);
    return wheel.now < endMs;
  }

  #prepare(): void {
    const { wheel, stream, settings } = this.world;
    const { arrivals, restart, exodus } = this.scenario;
    const at = (second: number) => START_MS + second * 1_000;
    this.#relay.start();
    wheel.add(stream.readyAt(0), EVENT.RELAY_CHUNK, 0, 0, 0, undefined);
    wheel.add(at(0), EVENT.SECOND, 0, 0, 0, undefined);
    if (settings.sourcePeer) {
      this.#audience.arriveSource();
      wheel.add(stream.fullAt(0), EVENT.SOURCE_CHUNK, 0, 0, 0, undefined);
    }
    for (const arrival of arrivals) wheel.add(at(arrival), EVENT.ARRIVE, 0, 0, 0, undefined);
    if (restart) {
      wheel.add(at(restart.stop), EVENT.RELAY_STOPS, 0, 0, 0, undefined);
      wheel.add(at(restart.start), EVENT.RELAY_STARTS, 0, 0, 0, undefined);
    }
    if (exodus) wheel.add(at(exodus.at), EVENT.EXODUS, 0, 0, 0, undefined);
    if (settings.viewers < 1) throw new RangeError(`${settings.viewers} viewers: at least 1 is needed`);
  }

  // `ref` is what the kind of event says it is: whoever adds one gives it.
  readonly #handle = (kind: number, target: number, a: number, b: number, ref: unknown): void => {
    const viewer = this.world.viewers[target];
    if (kind >= EVENT.RELAY_CHUNK || !viewer) {
      this.#handleRest(kind, viewer, a, ref);
      return;
    }
    switch (kind) {
      case EVENT.CHUNK:
        this.#chunk(viewer, a, b, ref as SimLink | undefined);
        return;
      case EVENT.CHUNK_THERE:
        this.#chunkThere(viewer, a, b, ref as SimLink | undefined);
        return;
      case EVENT.WAKE:
        this.#wake(viewer);
        return;
      case EVENT.HAVE:
        this.#transport.deliverHave(viewer, a, ref as HaveMail);
        return;
      case EVENT.PEER_MAIL:
        this.#transport.deliverMail(viewer, ref as PeerMail);
        this.#settle(viewer);
        return;
      case EVENT.RELAY_MAIL:
        this.#relay.receive(viewer, a, ref as RelayMail);
        return;
      case EVENT.VIEWER_MAIL:
        this.#viewerMail(viewer, a, ref as ViewerMail);
        return;
      case EVENT.BEACON:
        if (viewer.isHere && viewer.session === b) viewer.scheduler.beacon(FIRST_SEQUENCE + a);
        return;
      case EVENT.LINK_READY:
        this.#transport.ready(viewer, ref as SimLink, b === 1);
        this.#settle(viewer);
        return;
      case EVENT.LINK_LOST:
        this.#transport.lost(viewer, ref as SimLink);
        this.#settle(viewer);
        return;
      case EVENT.LINK_DRAINED:
        this.#transport.drained(viewer, ref as SimLink);
        return;
      case EVENT.OFFER:
        this.#offer(viewer, a, ref as SimLink);
        return;
    }
  };

  #handleRest(kind: number, viewer: SimViewer | undefined, a: number, _ref: unknown): void {
    const { wheel, stream, now } = this.world;
    switch (kind) {
      case EVENT.RELAY_CHUNK:
        this.#relay.captured(a);
        wheel.add(stream.readyAt(a + 1), EVENT.RELAY_CHUNK, 0, a + 1, 0, undefined);
        return;
      case EVENT.SOURCE_CHUNK:
        if (viewer) this.#sourceChunk(viewer, a);
        wheel.add(stream.fullAt(a + 1), EVENT.SOURCE_CHUNK, 0, a + 1, 0, undefined);
        return;
      case EVENT.RELAY_WAKE:
        this.#relay.wake();
        return;
      case EVENT.RELAY_BEACONS:
        this.#relay.beacons(a);
        return;
      case EVENT.RELAY_STOPS:
        this.#relay.stop();
        return;
      case EVENT.RELAY_STARTS:
        this.#relay.start();
        return;
      case EVENT.ARRIVE:
        this.#audience.arrive();
        return;
      case EVENT.EXODUS:
        this.#audience.exodus(this.scenario.exodus?.share ?? 0);
        return;
      case EVENT.SECOND:
        judgeSecond(this.world, a);
        wheel.add(now + 1_000, EVENT.SECOND, 0, a + 1, 0, undefined);
        return;
    }
    if (!viewer) return;
    switch (kind) {
      case EVENT.RELAY_MISSES:
        this.#relay.misses(viewer, a);
        return;
      case EVENT.CONNECT:
        this.#audience.connect(viewer);
        return;
      case EVENT.RELAY_LINK_UP:
        this.#audience.relayLinkUp(viewer, a);
        this.#settle(viewer);
        return;
      case EVENT.RELAY_LINK_DOWN:
        this.#audience.relayLinkDown(viewer, a);
        this.#settle(viewer);
        return;
      case EVENT.JOIN_SWARM:
        this.#audience.joinSwarm(viewer);
        return;
      case EVENT.REPORT:
        this.#audience.report(viewer);
        return;
      case EVENT.LEAVE:
        this.#audience.leave(viewer, a === 1);
        return;
    }
  }

  // What comes has to pass the downlink: it waits only when that is busy.
  #chunk(viewer: SimViewer, index: number, hops: number, link: SimLink | undefined): void {
    const { now, chunkBytes, wheel } = this.world;
    const time = chunkBytes / viewer.downBytesPerMs;
    const done = Math.max(now, viewer.downFree + time);
    viewer.downFree = done;
    if (done - now < TICK_MS) this.#chunkThere(viewer, index, hops, link);
    else wheel.add(done, EVENT.CHUNK_THERE, viewer.index, index, hops, link);
  }

  #chunkThere(viewer: SimViewer, index: number, hops: number, link: SimLink | undefined): void {
    if (!viewer.isHere) return;
    const { now, chunkBytes, stream, figures } = this.world;
    const second = figures.now;
    if (link) {
      if (!link.other.up) return;
      second.fromPeers++;
    } else second.fromRelay++;
    if (viewer.log.has(index)) second.duplicates++;
    else {
      viewer.log.add(index, now - stream.capturedAt(index), hops);
      this.world.tracer?.arrived(viewer.index, index, { at: now, from: link ? link.owner : -1 });
      if (now - viewer.arrivedAt > COUNTS_AFTER_MS) figures.hops.add(hops);
    }
    viewer.scheduler.received(stream.header(index), chunkBytes, link ? link.other.peerId : RELAY, now);
    if (!viewer.hasPicture) this.#audience.firstChunk(viewer);
    this.#settle(viewer);
  }

  #sourceChunk(source: SimViewer, index: number): void {
    const { now, chunkBytes, stream } = this.world;
    source.log.add(index, now - stream.capturedAt(index), 0);
    source.scheduler.received(stream.header(index), chunkBytes, RELAY, now);
    this.#settle(source);
  }

  #wake(viewer: SimViewer): void {
    const { now } = this.world;
    if (!viewer.isHere || now < viewer.wakeAt) return;
    viewer.wakeAt = Number.POSITIVE_INFINITY;
    if (viewer.scheduler.wakeAt() <= now) viewer.scheduler.poll(now);
    this.#settle(viewer);
  }

  /** Wakes a viewer's scheduler when it wants to be woken. */
  #settle(viewer: SimViewer): void {
    const wakeAt = viewer.scheduler.wakeAt();
    if (wakeAt >= viewer.wakeAt || !viewer.isHere) return;
    const { wheel, now } = this.world;
    viewer.wakeAt = Math.max(wakeAt, now + TICK_MS);
    wheel.add(viewer.wakeAt, EVENT.WAKE, viewer.index, 0, 0, undefined);
  }

  #viewerMail(viewer: SimViewer, life: number, mail: ViewerMail): void {
    if (!viewer.isHere || viewer.session !== life) return;
    const { now } = this.world;
    this.world.tracer?.note(viewer.index, now, `from the relay: ${JSON.stringify(mail)}`);
    if (mail.type === 'plan') viewer.scheduler.plan(mail.plan, now);
    else if (mail.type === 'drop') viewer.scheduler.drop(mail.peer, now);
    else viewer.scheduler.lacking(RELAY, mail.sequences, now);
    this.#settle(viewer);
  }

  #offer(answerer: SimViewer, life: number, link: SimLink): void {
    const offerer = this.world.viewers[link.owner]!;
    this.#transport.offered(link, this.#relay.passes(offerer, answerer, life));
    this.#settle(answerer);
  }
}
