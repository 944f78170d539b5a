// The element <p2p-admin-log>: what the relay says, as it says it.

import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AdminLogLine } from '../../core/admin/answers.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import { formatClock } from './format-figures.ts';

/** Lines that are kept, as the relay keeps them. */
const KEPT = 500;
const LEVELS = { all: 0, info: 2, warn: 3, error: 4 } as const;
type Level = keyof typeof LEVELS;
const RANK = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
/** Pixels from the end within which one reads the newest. */
const AT_END = 40;

export class LogPage extends AdminView {
  static override styles = [
    adminStyles,
    css`
      :host { display: flex; flex-direction: column; min-block-size: 0; block-size: 100%; }
      .find { inline-size: 220px; }
      .lines { flex: 1; min-block-size: 200px; overflow: auto; padding-block: 8px; }
      .line { display: grid; grid-template-columns: 66px 58px minmax(0, 1fr); gap: 10px; padding: 2px 16px; font-size: 12.5px; line-height: 1.5; }
      .line > * { overflow-wrap: anywhere; }
      .data { color: var(--soft); white-space: pre-wrap; }
      .level { font-weight: 600; color: var(--soft); }
      .warn .level { color: var(--warn); } .error .level, .fatal .level { color: var(--bad); }
      .warn, .error, .fatal { background: color-mix(in srgb, var(--warn) 9%, transparent); }
      .error, .fatal { background: color-mix(in srgb, var(--bad) 11%, transparent); }
      @media (max-width: 719px) {
        .head .tools, .find { inline-size: 100%; }
        .segments { flex: 1; } .segments button { flex: 1; padding-inline: 6px; }
        .line { grid-template-columns: auto 1fr; padding: 6px 14px; gap: 0 10px; }
        .line .words { grid-column: 1 / -1; }
      }
    `,
  ];
  static override properties = {
    ...AdminView.properties,
    level: { state: true },
    text: { state: true },
    lines: { state: true },
    isCut: { state: true },
  };

  /** The least that is shown. */
  declare level: Level;
  declare text: string;
  declare lines: readonly AdminLogLine[] | null;
  declare isCut: boolean;

  #stream: EventSource | undefined;
  #isAtEnd = true;

  constructor() {
    super();
    this.level = 'all';
    this.text = '';
    this.lines = null;
    this.isCut = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    queueMicrotask(() => void this.#follow());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stream?.close();
    this.#stream = undefined;
  }

  protected override render() {
    const { pages, log } = adminStrings;
    return html`<div class="head">
        <h1 tabindex="-1">${pages.log}</h1>
        <div class="tools">
          <input class="find" type="search" aria-label=${log.find} placeholder=${log.find} @input=${this.#find}>
          <div class="segments" role="group" aria-label=${log.levels}>
            ${(Object.keys(LEVELS) as Level[]).map(
              level =>
                html`<button type="button" aria-pressed=${level === this.level} @click=${() => (this.level = level)}>${log.level[level]}</button>`,
            )}
          </div>
        </div>
      </div>
      ${this.isCut ? html`<p class="card warn notice" role="status">${log.cut}</p>` : nothing}
      <div class="card lines mono" role="log" aria-live="off" aria-label=${log.lines} tabindex="0" @scroll=${this.#onScroll}>${this.#list()}</div>`;
  }

  protected override updated(): void {
    const list = this.renderRoot.querySelector('.lines');
    if (list && this.#isAtEnd) list.scrollTop = list.scrollHeight;
  }

  #list() {
    const { log, loading } = adminStrings;
    if (!this.lines) return html`<p class="empty">${loading}</p>`;
    if (this.lines.length === 0) return html`<p class="empty">${log.none}</p>`;
    const text = this.text.trim().toLowerCase();
    const shown = this.lines.filter(
      line =>
        RANK.indexOf(line.level) >= LEVELS[this.level] && (text === '' || wordsOf(line).toLowerCase().includes(text)),
    );
    if (shown.length === 0) return html`<p class="empty">${log.noneFound}</p>`;
    return repeat(
      shown,
      ({ number }) => number,
      line => html`<div class="line ${line.level}">
        <span class="soft">${formatClock(line.at)}</span>
        <span class="level">${line.level}</span>
        <span class="words">${line.message} <span class="data">${dataOf(line)}</span></span>
      </div>`,
    );
  }

  /** Listens before it asks for what was before, so that nothing falls between. */
  async #follow(): Promise<void> {
    if (!this.isConnected || this.#stream) return;
    const stream = this.api.followLog();
    this.#stream = stream;
    stream.addEventListener('message', ({ data }) => this.#take([JSON.parse(data) as AdminLogLine])); // as the relay of this build writes it
    stream.addEventListener('open', () => {
      this.isCut = false;
      void this.#catchUp();
    });
    stream.addEventListener('error', () => (this.isCut = true));
    await this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    await this.attempt(async () => this.#take(await this.api.log(KEPT)));
  }

  #take(lines: readonly AdminLogLine[]): void {
    const all = new Map([...(this.lines ?? []), ...lines].map(line => [line.number, line]));
    this.lines = [...all.values()].sort((a, b) => a.number - b.number).slice(-KEPT);
  }

  #find(event: InputEvent): void {
    if (event.target instanceof HTMLInputElement) this.text = event.target.value;
  }

  #onScroll(event: Event): void {
    if (!(event.target instanceof HTMLElement)) return;
    const { scrollHeight, scrollTop, clientHeight } = event.target;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END;
  }
}

function dataOf({ data }: AdminLogLine): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

const wordsOf = (line: AdminLogLine) => `${line.message} ${dataOf(line)}`;
