// The element <p2p-stats for="…">: draws a viewer's neighbours and where its bytes come from, live.

import { html, LitElement, nothing } from 'lit';
import { NO_SWARM, type SwarmStats } from '../engine/swarm-stats.ts';
import { flowsOf } from './flows.ts';
import { formatBytes, formatRate } from './format-traffic.ts';
import { neighbourTable } from './neighbour-table.ts';
import { p2pStatsStyles } from './p2p-stats-styles.ts';
import { skyTemplate } from './sky.ts';
import { layOutSky } from './sky-layout.ts';
import { StarNames } from './star-names.ts';
import { statsStrings } from './stats-strings.ts';
import { trafficChart } from './traffic-chart.ts';
import { shareOfViewers, type Traffic, TrafficHistory } from './traffic-history.ts';
import { WatchedPlayer } from './watched-player.ts';

/** What is to be said: no player, nothing playing, or how the swarm stands. */
type Condition = 'missing' | 'idle' | 'off' | 'private' | 'alone' | 'meeting' | 'joined';

/** Seconds that the big figure looks back. */
const SHARE_SECONDS = 10;

/**
 * Follows the `<p2p-live>` whose id is in `for`, also when that is replaced.
 * Importing the class registers nothing.
 */
export class P2pStats extends LitElement {
  static override styles = p2pStatsStyles;
  static override properties = { htmlFor: { attribute: 'for', reflect: true } };

  /** The id of the `<p2p-live>` to show, in the same document or shadow tree. */
  declare htmlFor: string;

  readonly #history = new TrafficHistory();
  readonly #names = new StarNames();
  readonly #watched = new WatchedPlayer(this, () => this.#take());
  readonly #sizes = new ResizeObserver(([entry]) => this.#resize(entry));
  readonly #sight = new IntersectionObserver(entries => this.#see(entries.at(-1)?.isIntersecting ?? true));
  #size = { width: 0, height: 0 };
  #seen = true;

  constructor() {
    super();
    this.htmlFor = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight.observe(this);
    if (this.hasUpdated) this.#observeSky();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
    this.#sizes.disconnect();
  }

  protected override willUpdate(): void {
    this.#watched.find();
  }

  protected override firstUpdated(): void {
    this.#observeSky();
  }

  protected override render() {
    const stats = this.#watched.swarm ?? NO_SWARM;
    const condition = this.#condition(stats);
    const names = this.#names.name(stats.peers.map(({ id }) => id));
    const now = this.#history.mean();
    const share = shareOfViewers(this.#history.mean(SHARE_SECONDS));
    return html`<section class="board ${this.#seen ? '' : 'unseen'}" part="board" aria-label=${statsStrings.board}>
      <div class="sky ${condition}" part="sky">
        ${this.#sky(condition, stats, names, share)}
        <p class="say" role="status">${this.#say(condition, stats)}</p>
      </div>
      <div class="facts" part="facts">
        <p class="big ${share ? '' : 'none'}" part="share">
          <strong>${share === null ? statsStrings.unknown : html`${statsStrings.percent(share)}<small>${statsStrings.percentSign}</small>`}</strong>
          <span>${statsStrings.fromViewers}</span>
        </p>
        ${trafficChart(this.#history.seconds, now)}
        ${rates(now, stats)}
        ${small(stats)}
      </div>
      ${neighbourTable(stats.peers, names, this.#history.peers)}
    </section>`;
  }

  #sky(condition: Condition, stats: SwarmStats, names: ReadonlyMap<string, string>, share: number | null) {
    const { width, height } = this.#size;
    if (width === 0 || height === 0) return nothing;
    const connected = condition !== 'missing' && condition !== 'idle';
    const view = {
      layout: layOutSky(this.#size, stats.peers, names),
      stats,
      flows: flowsOf(stats, this.#history),
      names,
      share,
      relayRoundTripMs: this.#watched.element?.stats?.roundTripMs ?? null,
      connected,
    };
    return html`<svg class="drawing" viewBox="0 0 ${width} ${height}" role="img" aria-label=${this.#spoken(condition, stats, share)}>
      ${skyTemplate(view)}
    </svg>`;
  }

  #condition(stats: SwarmStats): Condition {
    const player = this.#watched.element;
    if (!player) return 'missing';
    if (!player.stats) return 'idle';
    if (stats.state === 'off' && player.p2pPrivacy) return 'private';
    // Until something came, nobody knows yet what there will be.
    if (stats.state === 'off') return stats.bytesFromRelay > 0 ? 'off' : 'idle';
    // Whom the relay feeds alone may still feed others.
    if (stats.state === 'joined' || stats.peers.some(({ state }) => state === 'connected')) return 'joined';
    return stats.peers.length > 0 ? 'meeting' : 'alone';
  }

  #say(condition: Condition, { peers }: SwarmStats): string {
    const { says } = statsStrings;
    if (condition === 'missing') return says.missing(this.htmlFor);
    if (condition !== 'joined') return says[condition];
    return says.joined(
      peers.filter(({ gives }) => gives.length > 0).length,
      peers.filter(({ takes }) => takes.length > 0).length,
    );
  }

  #spoken(condition: Condition, stats: SwarmStats, share: number | null): string {
    if (condition !== 'joined') return this.#say(condition, stats);
    const { spoken, percent } = statsStrings;
    const count = (kind: 'gives' | 'takes') => stats.peers.filter(peer => peer[kind].length > 0).length;
    return [
      share === null ? '' : spoken.share(percent(share)),
      spoken.neighbours(stats.peers.length, count('gives'), count('takes')),
      spoken.relay(stats.relayStripes.length, stats.stripes),
    ]
      .filter(Boolean)
      .join(' ');
  }

  #take(): void {
    const { swarm } = this.#watched;
    if (swarm) this.#history.take(swarm, performance.now());
    else this.#history.clear();
    if (this.#seen) this.requestUpdate();
  }

  #observeSky(): void {
    const sky = this.renderRoot.querySelector('.sky');
    if (sky) this.#sizes.observe(sky);
  }

  #resize(entry: ResizeObserverEntry | undefined): void {
    if (!entry) return;
    const { width, height } = entry.contentRect;
    this.#size = { width: Math.round(width), height: Math.round(height) };
    this.requestUpdate();
  }

  /** Nothing is drawn, and nothing moves, where nobody sees it. */
  #see(seen: boolean): void {
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.requestUpdate();
  }
}

function rates(now: Traffic, stats: SwarmStats) {
  const rows = [
    ['pushed', now.pushed, stats.bytesPushed],
    ['pulled', now.pulled, stats.bytesPulled],
    ['relayed', now.relayed, stats.bytesFromRelay],
    ['uploaded', now.uploaded, stats.bytesUploaded],
  ] as const;
  return html`<dl class="rates">
    ${rows.map(
      ([kind, rate, bytes]) => html`<div class=${kind}>
        <dt><i class="swatch"></i>${statsStrings[kind]}</dt>
        <dd>${formatRate(rate)} <small>${formatBytes(bytes)}</small></dd>
      </div>`,
    )}
  </dl>`;
}

function small(stats: SwarmStats) {
  const { unknown, percent, percentSign } = statsStrings;
  const { bytesPushed: pushed, bytesPulled: pulled, bytesFromRelay: relayed, stripes, relayStripes, hops } = stats;
  const overall = shareOfViewers({ pushed, pulled, relayed });
  const facts: [string, string][] = [
    [statsStrings.overall, overall === null ? unknown : `${percent(overall)} ${percentSign}`],
    [statsStrings.stripes, stripes === 0 ? unknown : statsStrings.of(stripes - relayStripes.length, stripes)],
    [statsStrings.hops, hops === null ? unknown : hops.toFixed(1)],
    [statsStrings.uplink, stats.uploadKbps > 0 ? formatRate((stats.uploadKbps * 1000) / 8) : unknown],
    [statsStrings.late, String(stats.deadlineFallbacks)],
    [statsStrings.refused, `${stats.duplicateChunks} · ${stats.rejectedChunks}`],
  ];
  return html`<dl class="small">
    ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
