// The element <p2p-admin-swarm>: draws who feeds whom in a channel, stripe by stripe, as it is at the moment.

import { html, nothing, svg } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AdminSwarm, AdminSwarmMember } from '../../core/admin/answers.ts';
import { StarNames } from '../stats/star-names.ts';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import { emptyState } from './empty-state.ts';
import { formatCount, formatDuration, formatKbps, formatMs, formatShare } from './format-figures.ts';
import { Poll } from './poll.ts';
import { placeName } from './series-charts.ts';
import { type Feed, layOutSwarm, type Star, type SwarmLayout } from './swarm-layout.ts';
import { swarmViewStyles } from './swarm-view-styles.ts';

const EVERY = 2_000;
/** Half the drawing's side, in its own units. */
const HALF = 300;
/** So many are drawn; those nearest to the relay. */
const DRAWN = 400;
/** With more than so many, names would run into each other. */
const NAMED = 24;
const COLOURS = 8;
const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class SwarmView extends AdminView {
  static override styles = [adminStyles, swarmViewStyles];
  static override properties = {
    ...AdminView.properties,
    channel: {},
    stripe: { state: true },
    chosen: { state: true },
    pointed: { state: true },
    reached: { state: true },
  };

  declare channel: string;
  /** The one that is shown; null for all. */
  declare stripe: number | null;
  /** The member whose neighbours are shown. */
  declare chosen: string | null;
  /** The one under the pointer. */
  declare pointed: string | null;
  /** The one that the tab key leads to; arrows lead on from there. Null: the first. */
  declare reached: string | null;

  readonly #names = new StarNames();
  readonly #poll = new Poll(this, EVERY, () => (this.channel ? this.api.swarm(this.channel) : null));

  constructor() {
    super();
    this.channel = '';
    this.stripe = this.chosen = this.pointed = this.reached = null;
  }

  protected override render() {
    const { swarm, channel } = adminStrings;
    const { value } = this.#poll;
    return html`<section class="card" aria-label=${channel.swarm}>
      <div class="bar"><h2>${channel.swarm}</h2>${value && value.members.length > 0 ? this.#stripes(value) : nothing}</div>
      ${
        !value
          ? html`<p class="empty">${adminStrings.loading}</p>`
          : value.members.length === 0
            ? emptyState(adminIcons.mark, swarm.none, swarm.noneText)
            : this.#board(value)
      }
    </section>`;
  }

  #stripes({ stripes }: AdminSwarm) {
    const { swarm } = adminStrings;
    const choices = [null, ...Array.from({ length: stripes }, (_, index) => index)];
    return html`<div class="segments stripes" role="group" aria-label=${swarm.stripes}>
      ${choices.map(
        stripe => html`<button
          type="button" aria-pressed=${stripe === this.stripe} aria-label=${stripe === null ? swarm.all : swarm.stripe(stripe + 1)}
          @click=${() => (this.stripe = stripe)}
        >${stripe === null ? swarm.all : html`<i class="swatch c${stripe % COLOURS}"></i>${stripe + 1}`}</button>`,
      )}
    </div>`;
  }

  #board(value: AdminSwarm) {
    const { swarm } = adminStrings;
    const members = drawn(value.members);
    const layout = layOutSwarm(members, value.stripes);
    const names = this.#names.name(members.map(({ id }) => id));
    const stars = [...layout.stars.values()];
    const fed = new Set(layout.feeds.filter(({ from }) => from === 'relay').map(({ to }) => to)).size;
    const deepest = Math.max(0, ...stars.map(({ hops }) => hops ?? 0));
    const chosen = this.chosen === null ? undefined : layout.stars.get(this.chosen);
    return html`<div class="board">
      <div class="sky ${chosen || this.pointed !== null ? 'choosing' : ''}">
        <svg class="drawing" viewBox="${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}" role="group" aria-label=${swarm.label(value.size, fed, deepest)} @click=${this.#release}>
          ${layout.rings.map(radius => svg`<circle class="ring" r=${radius * (HALF - 26)}></circle>`)}
          ${repeat(
            layout.feeds.filter(({ stripe }) => this.stripe === null || stripe === this.stripe),
            ({ from, to, stripe }) => `${from} ${to} ${stripe}`,
            feed => this.#strand(feed, layout),
          )}
          <g class="relay"><circle r="24"></circle><text y="4">${swarm.relay}</text></g>
          ${repeat(
            stars,
            ({ member }) => member.id,
            star => this.#star(star, names.get(star.member.id) ?? star.member.id, stars),
          )}
        </svg>
      </div>
      <div class="side">${chosen ? this.#card(chosen, layout, names) : this.#summary(value.size, fed, deepest)}</div>
      ${value.size > members.length ? html`<p class="soft more">${swarm.more(members.length, value.size)}</p>` : nothing}
    </div>`;
  }

  #summary(size: number, fed: number, deepest: number) {
    const { swarm } = adminStrings;
    const facts = [
      [swarm.members, formatCount(size)],
      [swarm.fed, formatCount(fed)],
      [swarm.deepest, swarm.hops(deepest)],
    ] as const;
    return html`<dl class="facts">${facts.map(([term, figure]) => html`<div><dt>${term}</dt><dd>${figure}</dd></div>`)}</dl>
      <p class="soft hint">${swarm.hint}</p>`;
  }

  #strand({ from, to, stripe }: Feed, { stars }: SwarmLayout) {
    const [a, b] = [stars.get(from) ?? { x: 0, y: 0 }, stars.get(to)];
    if (!b) return nothing;
    const scale = HALF - 26;
    const [fromX, fromY, toX, toY] = [a.x * scale, a.y * scale, b.x * scale, b.y * scale];
    // Bent towards the middle, and each stripe a little differently, so that none hides another.
    const pull = from === 'relay' ? 1 : 0.72;
    const aside = (stripe - 1.5) * 7;
    const [midX, midY] = [
      ((fromX + toX) / 2) * pull - (toY - fromY) * (aside / HALF),
      ((fromY + toY) / 2) * pull + (toX - fromX) * (aside / HALF),
    ];
    const isNear = [from, to].includes(this.pointed ?? this.chosen ?? '');
    return svg`<path
      class="strand c${stripe % COLOURS} ${isNear ? 'near' : ''}"
      d="M${fromX.toFixed(1)},${fromY.toFixed(1)}Q${midX.toFixed(1)},${midY.toFixed(1)} ${toX.toFixed(1)},${toY.toFixed(1)}"
    ></path>`;
  }

  #star({ member, x, y, stripe, children, hops }: Star, name: string, all: readonly Star[]) {
    const count = all.length;
    const first = all.find(one => one.member.id === this.reached) ?? all[0];
    const { swarm } = adminStrings;
    const scale = HALF - 26;
    const radius = Math.max(3, Math.min(9, 60 / Math.sqrt(count))) * (children > 0 ? 1.25 : 1);
    const isChosen = member.id === this.chosen;
    const label = member.role === 'source' ? swarm.source : name;
    return svg`<g
      class="star ${member.role} ${stripe === null ? 'leaf' : `c${stripe % COLOURS}`} ${hops === null ? 'adrift' : ''} ${isChosen ? 'chosen' : ''}"
      transform="translate(${(x * scale).toFixed(1)} ${(y * scale).toFixed(1)})"
      role="button" tabindex=${first?.member.id === member.id ? 0 : -1} data-id=${member.id} aria-pressed=${isChosen} aria-label=${member.role === 'source' ? swarm.source : swarm.person(name)}
      @click=${(event: Event) => this.#choose(event, member.id)} @pointerenter=${() => (this.pointed = member.id)} @pointerleave=${() => (this.pointed = null)}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, member.id)}
    >
      <circle class="reach" r="14"></circle>
      <circle class="core" r=${radius.toFixed(1)}></circle>
      ${count <= NAMED || isChosen ? svg`<text y=${(radius + 14).toFixed(1)}>${label}</text>` : nothing}
    </g>`;
  }

  #card({ member, children }: Star, { feeds }: SwarmLayout, names: ReadonlyMap<string, string>) {
    const { swarm, nat } = adminStrings;
    const name = (id: string) => (id === 'relay' ? swarm.relay : (names.get(id) ?? id.slice(0, 6)));
    const takes = feeds.filter(({ to }) => to === member.id);
    const givers = [...new Set(takes.map(({ from }) => from))];
    const facts: readonly (readonly [string, string])[] = [
      [
        swarm.gives,
        children === 0
          ? swarm.nobody
          : swarm.viewers(new Set(feeds.filter(({ from }) => from === member.id).map(({ to }) => to)).size),
      ],
      [swarm.offload, formatShare(member.offload)],
      [swarm.latency, formatMs(member.latencyMs)],
      [swarm.uplink, formatKbps(member.uplinkKbps)],
      [swarm.network, nat[member.nat]],
      [swarm.place, member.place === null ? adminStrings.unknown : placeName(member.place)],
      [swarm.since, formatDuration(this.api.now - member.since)],
    ];
    return html`<h3>${member.role === 'source' ? swarm.source : name(member.id)} <code>${member.id.slice(0, 8)}</code></h3>
      <dl class="facts">
        <div>
          <dt>${swarm.takes}</dt>
          <dd>
            ${
              givers.length === 0
                ? swarm.nobody
                : givers.map(
                    giver =>
                      html`<span class="giver">${name(giver)} ${takes.filter(({ from }) => from === giver).map(({ stripe }) => html`<i class="stripe c${stripe % COLOURS}">${stripe + 1}</i>`)}</span>`,
                  )
            }
          </dd>
        </div>
        ${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}
      </dl>`;
  }

  #choose(event: Event, id: string): void {
    event.stopPropagation();
    this.chosen = this.chosen === id ? null : id;
  }

  #onKey(event: KeyboardEvent, id: string): void {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (step === undefined) this.#choose(event, id);
    else void this.#reach(id, step);
  }

  /** Leads the keyboard to the next member, or the one before; from the last to the first. */
  async #reach(id: string, step: 1 | -1): Promise<void> {
    const stars = [...this.renderRoot.querySelectorAll<SVGGElement>('.star')];
    const at = stars.findIndex(star => star.dataset.id === id);
    const next = stars.at((at + step) % stars.length);
    this.reached = next?.dataset.id ?? null;
    await this.updateComplete;
    next?.focus();
  }

  #release(): void {
    this.chosen = null;
  }
}

/** Sources and those that the relay feeds first. */
function drawn(members: readonly AdminSwarmMember[]): readonly AdminSwarmMember[] {
  if (members.length <= DRAWN) return members;
  const rank = ({ role, parents }: AdminSwarmMember) => (role === 'source' ? 0 : parents.includes('relay') ? 1 : 2);
  return [...members].sort((a, b) => rank(a) - rank(b)).slice(0, DRAWN);
}
