// Turns places into plans: one for each viewer whose parents or spares changed, the newest only.

import { type PeerId, RELAY } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Plan } from '../wire/plan.ts';
import type { Acquaintances } from './acquaintances.ts';
import type { CoordinatorOutput } from './coordinator-face.ts';
import type { Member } from './member.ts';
import type { SparePicker } from './spare-picker.ts';

/** Lost spares are replaced together after this time. */
const BATCH_MS = 300;

export interface PlanWriterOptions {
  readonly picker: SparePicker;
  readonly known: Acquaintances;
}

/** Keeps who is to be told what, and who was introduced to whom by it. */
export class PlanWriter {
  readonly #picker: SparePicker;
  readonly #known: Acquaintances;
  readonly #changed = new Set<Member>();
  /** Members whose spares changed: that can wait. */
  readonly #later = new Set<Member>();
  #laterAt: Millis | undefined;

  constructor({ picker, known }: PlanWriterOptions) {
    this.#picker = picker;
    this.#known = known;
  }

  /** When members wait to be told. */
  get wakeAt(): Millis | undefined {
    return this.#laterAt;
  }

  /** A member's parents may have changed. */
  mark(member: Member): void {
    this.#changed.add(member);
  }

  /** A member's spares may have changed. */
  markLater(member: Member, now: Millis): void {
    this.#later.add(member);
    this.#laterAt ??= now + BATCH_MS;
  }

  /** A member shall hear its plan though it is the same. */
  repeat(member: Member): void {
    member.told = undefined;
    this.#changed.add(member);
  }

  forget(member: Member): void {
    this.#changed.delete(member);
    this.#later.delete(member);
  }

  poll(now: Millis): void {
    if (this.#laterAt === undefined || now < this.#laterAt) return;
    for (const member of this.#later) this.#changed.add(member);
    this.#later.clear();
    this.#laterAt = undefined;
  }

  /** The plans that are new. `plays` says who takes part: the others get everything from the relay. */
  take(plays: (member: Member) => boolean, now: Millis): CoordinatorOutput[] {
    const outputs: CoordinatorOutput[] = [];
    for (const member of this.#changed) {
      if (plays(member)) for (const other of this.#picker.refresh(member)) this.markLater(other, now);
      // Whoever hangs under a peer now is no good as its spare.
      for (const { parent } of member.places)
        if (parent && member.sparedBy.has(parent.member)) this.markLater(parent.member, now);
      const plan = planOf(member);
      const before = member.told;
      if (before && same(before.parents, plan.parents) && same(before.spares, plan.spares)) continue;
      this.#introduce(member, plan, now);
      member.told = plan;
      outputs.push({ type: 'plan', to: member.peer, plan });
    }
    this.#changed.clear();
    return outputs;
  }

  #introduce(member: Member, plan: Plan, now: Millis): void {
    const named = new Set(peersOf(plan));
    for (const peer of named) this.#known.name(member.peer, peer);
    for (const peer of member.named) if (!named.has(peer)) this.#known.unname(member.peer, peer, now);
    member.named = named;
  }
}

function planOf(member: Member): Plan {
  return {
    parents: member.places.map(({ parent, claim }) => parent?.member.peer ?? claim ?? RELAY),
    spares: member.spares.map(({ peer }) => peer),
  };
}

function peersOf({ parents, spares }: Plan): PeerId[] {
  return [...parents.filter(peer => peer !== RELAY), ...spares];
}

function same(a: readonly PeerId[], b: readonly PeerId[]): boolean {
  return a.length === b.length && a.every((peer, i) => peer === b[i]);
}
