// Who is seen when a room has more people than tiles: whoever speaks comes in for whoever was silent longest. A pure policy.

import type { Millis } from '../../core/time.ts';

/** What the stage needs to know of somebody. */
export interface StagePerson {
  readonly user: string;
  readonly speaking: boolean;
}

/** Some are seen and heard, the others listed by name. Places are kept as long as they can be: tiles don't wander about. */
export class Stage {
  readonly #places: number;
  #shown: string[] = [];
  readonly #spokeAt = new Map<string, Millis>();

  /** `places`: how many are shown at most. */
  constructor(places: number) {
    this.#places = places;
  }

  /** Takes everybody who is there, by the time they came; gives back who is shown, in order. */
  step(people: readonly StagePerson[], now: Millis): readonly string[] {
    const present = new Set(people.map(({ user }) => user));
    for (const user of this.#spokeAt.keys()) if (!present.has(user)) this.#spokeAt.delete(user);
    for (const { user, speaking } of people) if (speaking) this.#spokeAt.set(user, now);
    this.#shown = this.#shown.filter(user => present.has(user));
    for (const { user } of people)
      if (this.#shown.length < this.#places && !this.#shown.includes(user)) this.#shown.push(user);
    for (const { user, speaking } of people) if (speaking && !this.#shown.includes(user)) this.#bringIn(user, now);
    return [...this.#shown];
  }

  #bringIn(user: string, now: Millis): void {
    const ages = this.#shown.map(shown => this.#spokeAt.get(shown) ?? Number.NEGATIVE_INFINITY);
    const longest = ages.indexOf(Math.min(...ages));
    // Nobody who speaks goes for somebody else who does.
    if (longest >= 0 && ages[longest]! < now) this.#shown[longest] = user;
  }
}
