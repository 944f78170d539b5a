// The element <p2p-admin-recordings>: what was kept of broadcasts, to be seen, taken along and thrown away.

import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AdminRecording, AdminStatus } from '../../core/admin/answers.ts';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import { confirmDialog } from './confirm-dialog.ts';
import { emptyState } from './empty-state.ts';
import { formatBytes, formatDate, formatDuration } from './format-figures.ts';
import { Poll } from './poll.ts';
import { routeHash } from './route.ts';

const EVERY = 5_000;

export class RecordingsPage extends AdminView {
  static override styles = [
    adminStyles,
    css`
      tbody th a { text-decoration: none; }
      tbody th a:hover { text-decoration: underline; }
      .named { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
      .filter { inline-size: auto; max-inline-size: 220px; }
      p2p-live { aspect-ratio: 16 / 9; inline-size: 100%; border-radius: 8px; overflow: hidden; background: #000; }
      @media (max-width: 719px) { .filter { max-inline-size: 100%; inline-size: 100%; } .head .tools { inline-size: 100%; } }
    `,
  ];
  static override properties = {
    ...AdminView.properties,
    status: { attribute: false },
    channel: { state: true },
    plays: { state: true },
    removes: { state: true },
    token: { state: true },
  };

  declare status: AdminStatus | null;
  /** The channel whose recordings are shown; empty for all. */
  declare channel: string;
  declare plays: AdminRecording | null;
  declare removes: AdminRecording | null;
  /** What lets this page play it: empty where nothing is needed, null while it isn't known. */
  declare token: string | null;

  readonly #poll = new Poll(this, EVERY, () => this.api.recordings());

  constructor() {
    super();
    this.status = this.plays = this.removes = this.token = null;
    this.channel = '';
  }

  protected override render() {
    const { pages, recordings, overview } = adminStrings;
    const all = this.#poll.value;
    const free = this.status?.recordings.freeBytes ?? null;
    const bytes = all?.reduce((sum, one) => sum + one.bytes, 0) ?? 0;
    const stopped = this.status?.recordings.stopped;
    return html`<div class="head">
        <h1 tabindex="-1">${pages.recordings}</h1>
        <div class="tools">
          ${all && all.length > 0 ? html`<span class="soft">${recordings.kept(all.length, formatBytes(bytes))}${free === null ? '' : `, ${overview.free(formatBytes(free))}`}</span>` : nothing}
          ${this.#filter(all ?? [])}
        </div>
      </div>
      ${stopped ? html`<p class="card warn notice" role="status">${overview.notRecording(stopped)}</p>` : nothing}
      <div class="card">${all ? this.#list(all) : html`<p class="empty">${adminStrings.loading}</p>`}</div>
      ${this.plays ? this.#player(this.plays) : nothing} ${this.removes ? this.#question(this.removes) : nothing}`;
  }

  #filter(all: readonly AdminRecording[]) {
    const names = [...new Set(all.map(({ channel }) => channel))].sort();
    if (names.length < 2) return nothing;
    return html`<select class="filter" aria-label=${adminStrings.recordings.filter} @change=${this.#choose}>
      <option value="">${adminStrings.recordings.all}</option>
      ${names.map(name => html`<option value=${name} ?selected=${name === this.channel}>${name}</option>`)}
    </select>`;
  }

  #list(all: readonly AdminRecording[]) {
    const { recordings } = adminStrings;
    if (all.length === 0) return emptyState(adminIcons.recordings, recordings.none, recordings.noneText);
    const shown = all
      .filter(({ channel }) => this.channel === '' || channel === this.channel)
      .sort((a, b) => b.startedAt - a.startedAt);
    return html`<table class="stacks">
      <thead>
        <tr>
          <th scope="col">${recordings.channel}</th>
          <th scope="col">${recordings.started}</th>
          <th scope="col" class="number">${recordings.duration}</th>
          <th scope="col" class="number">${recordings.size}</th>
          <th scope="col"><span class="spoken">${recordings.actions}</span></th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          shown,
          ({ id }) => id,
          recording => this.#row(recording),
        )}
      </tbody>
    </table>`;
  }

  #row(recording: AdminRecording) {
    const { recordings } = adminStrings;
    const { channel, startedAt, endedAt, durationMs, bytes } = recording;
    const runs = endedAt === null;
    const what = whatOf(recording);
    return html`<tr>
      <th scope="row">
        <span class="named">
          <a href=${routeHash({ page: 'channels', channel })}>${channel}</a>
          ${runs ? html`<span class="tag recording">${recordings.running}</span>` : nothing}
        </span>
      </th>
      <td class="wide">${formatDate(startedAt)}</td>
      <td class="number" data-label=${recordings.duration}>${formatDuration(durationMs)}</td>
      <td class="number" data-label=${recordings.size}>${formatBytes(bytes)}</td>
      <td class="wide"><div class="acts">
        <button type="button" class="quiet square play" aria-label=${recordings.play(what)} title=${recordings.play(what)} @click=${() => this.#play(recording)}>${adminIcons.play}</button>
        <button type="button" class="quiet square download" aria-label=${recordings.download(what)} title=${recordings.download(what)} @click=${() => this.#download(recording)}>${adminIcons.download}</button>
        <button
          type="button" class="quiet square danger remove" ?disabled=${runs} aria-label=${recordings.remove(what)}
          title=${runs ? recordings.stillRuns : recordings.remove(what)} @click=${() => (this.removes = recording)}
        >${adminIcons.remove}</button>
      </div></td>
    </tr>`;
  }

  #player(recording: AdminRecording) {
    return html`<p2p-admin-dialog wide heading=${whatOf(recording)} @dismiss=${() => (this.plays = null)}>
      ${this.token === null ? nothing : html`<p2p-live recording=${recording.id} .token=${this.token} controls autoplay></p2p-live>`}
    </p2p-admin-dialog>`;
  }

  #question(recording: AdminRecording) {
    const { removeTitle: title, removeText, removeDo: word } = adminStrings.recordings;
    const text = removeText(whatOf(recording), formatBytes(recording.bytes));
    const yes = () => void this.#remove(recording);
    return confirmDialog({ title, text, word, yes }, () => (this.removes = null));
  }

  async #play(recording: AdminRecording): Promise<void> {
    this.token = null;
    this.plays = recording;
    await this.attempt(async () => (this.token = (await this.api.viewToken(recording.channel)) ?? ''));
  }

  /** By a link that is good for a short time where viewers need a token. */
  async #download({ id, channel, container }: AdminRecording): Promise<void> {
    await this.attempt(async () => {
      const token = await this.api.viewToken(channel);
      const link = document.createElement('a');
      link.href = `/recordings/${id}.${container}${token === null ? '' : `?${new URLSearchParams({ token })}`}`;
      link.download = '';
      link.click();
    });
  }

  async #remove({ id }: AdminRecording): Promise<void> {
    this.removes = null;
    await this.attempt(() => this.api.removeRecording(id));
    await this.#poll.refresh();
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  #choose(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.channel = event.target.value;
  }
}

const whatOf = ({ channel, startedAt }: AdminRecording) => adminStrings.recordings.what(channel, formatDate(startedAt));
