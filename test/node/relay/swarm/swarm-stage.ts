// A channel's swarm on a clock that the test turns, and members that note what they are told.

import type { Bytes } from '../../../../core/bytes.ts';
import { type PeerId, peerIdOf } from '../../../../core/peer-id.ts';
import type { Codec } from '../../../../core/wire/codec.ts';
import { decodeBody, MessageReader } from '../../../../core/wire/framing.ts';
import { plan } from '../../../../core/wire/index.ts';
import type { JoinSwarm } from '../../../../core/wire/join-swarm.ts';
import type { Plan } from '../../../../core/wire/plan.ts';
import type { SwarmReport } from '../../../../core/wire/swarm-report.ts';
import { createLog } from '../../../../relay/log.ts';
import { ChannelSwarm } from '../../../../relay/swarm/channel-swarm.ts';
import type { SwarmMember } from '../../../../relay/swarm/swarm-member.ts';
import type { SwarmSettings } from '../../../../relay/swarm/swarm-settings.ts';

/** 16 bytes, others for each number. */
export function secretOf(number: number): Bytes {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** A `join-swarm` of a viewer that uploads 5 Mbit/s. */
export function joining(number: number, part: Partial<JoinSwarm> = {}): JoinSwarm {
  return { secret: secretOf(number), role: 'viewer', uploadKbps: 5_000, neighbours: [], ...part };
}

/** A `swarm-report` in which nothing has happened. */
export const QUIET: SwarmReport = {
  ...{ fromPeers: 0, fromRelay: 0, uploaded: 0, duplicates: 0, rejected: 0, fallbacks: 0, stalls: 0 },
  ...{ uploadKbps: 5_000, latencyMs: 0, peers: [] },
};

export class FakeMember implements SwarmMember {
  readonly quality = undefined;
  readonly role = 'viewer';
  readonly network: string;
  readonly roundTripMs = 20;
  stripes: number | undefined;
  ready = true;
  probes = 0;
  readonly number: number;
  readonly told: Bytes[] = [];

  constructor(number: number) {
    this.number = number;
    this.network = `10.0.${number}`; // one of its own, so that each is an independent witness
  }

  get id(): PeerId {
    return peerIdOf(secretOf(this.number));
  }

  /** The plan told last. */
  get plan(): Plan | undefined {
    return this.all(plan).at(-1);
  }

  tell(message: Bytes): void {
    this.told.push(message);
  }

  probe(): void {
    this.probes++;
  }

  /** All messages of a type so far. */
  all<Message>(codec: Codec<Message>): Message[] {
    const found: Message[] = [];
    const reader = new MessageReader((type, body) => {
      if (type === codec.type) found.push(decodeBody(codec, body));
    });
    for (const bytes of this.told) reader.push(bytes);
    return found;
  }
}

/** A swarm of a 2 Mbit/s stream in 4 stripes; `rate` in kbit/s. */
export function stage(part: Partial<SwarmSettings> = {}, rate: number | undefined = 2_000) {
  let now = 1_000;
  let timers: { readonly at: number; readonly task: () => void }[] = [];
  const swarm = new ChannelSwarm({
    settings: { enabled: true, stripes: 4, minViewers: 0, iceTransportPolicy: 'all', ...part },
    steady: () => now,
    after: (ms, task) => void timers.push({ at: now + ms, task }),
    log: createLog('silent'),
  });
  swarm.rate(rate);
  /** Lets time pass. */
  const pass = (ms: number) => {
    for (const end = now + ms; now < end; now++) {
      const due = timers.filter(({ at }) => at <= now);
      if (due.length === 0) continue;
      timers = timers.filter(({ at }) => at > now);
      for (const { task } of due) task();
    }
  };
  /** Members with these numbers that have joined. */
  const joined = (...numbers: number[]) =>
    numbers.map(number => {
      const member = new FakeMember(number);
      swarm.join(member, joining(number));
      pass(100);
      return member;
    });
  return { swarm, pass, joined, now: () => now, timers: () => timers.length };
}
