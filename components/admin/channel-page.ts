// The element <p2p-admin-channel>: one channel seen, its figures, its source, its swarm and its viewers.

import { html, nothing } from 'lit';
import type { AdminChannelDetail } from '../../core/admin/answers.ts';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import { channelFacts } from './channel-facts.ts';
import { channelPageStyles } from './channel-page-styles.ts';
import { channelState, isRunning, stateWord } from './channel-state.ts';
import { confirmDialog, type Question } from './confirm-dialog.ts';
import { emptyState } from './empty-state.ts';
import { formatDuration } from './format-figures.ts';
import { Poll } from './poll.ts';
import { routeHash } from './route.ts';

const EVERY = 3_000;
const TOKEN_EVERY = 20 * 60_000;

export class ChannelPage extends AdminView {
  static override styles = [adminStyles, channelPageStyles];
  static override properties = {
    ...AdminView.properties,
    channel: {},
    question: { state: true },
    edits: { state: true },
  };

  /** Its name. */
  declare channel: string;
  declare question: Question | null;
  declare edits: boolean;

  readonly #poll = new Poll(this, EVERY, () => (this.channel ? this.api.channel(this.channel) : null));

  /** Asked for again before it ends. */
  readonly #token = new Poll(this, TOKEN_EVERY, () => (this.channel ? this.api.viewToken(this.channel) : null));

  constructor() {
    super();
    this.channel = '';
    this.question = null;
    this.edits = false;
  }

  protected override render() {
    const { channel: words } = adminStrings;
    const { value, failure } = this.#poll;
    return html`<p class="way"><a href=${routeHash({ page: 'channels' })}>${adminIcons.back}${words.back}</a></p>
      ${
        !value && failure?.status === 404
          ? html`<div class="card">${emptyState(adminIcons.channels, words.missing(this.channel), words.missingText)}</div>`
          : this.#whole(value)
      }`;
  }

  #whole(value: AdminChannelDetail | null) {
    const { channel: words, channels } = adminStrings;
    return html`<div class="head">
        <h1 tabindex="-1">${this.channel}</h1>
        ${
          value
            ? html`<div class="tools">
                ${channelState(value)}
                ${value.recording.id === null ? nothing : html`<span class="tag recording">${channels.recording}</span>`}
                <a class="button" href="/watch/${this.channel}" target="_blank" rel="noopener">${adminIcons.open}${words.watch}</a>
              </div>`
            : nothing
        }
      </div>
      ${value?.recording.stopped ? html`<p class="card warn notice" role="status">${channels.notRecorded(value.recording.stopped)}</p>` : nothing}
      <div class="top">
        <div class="stage" aria-label=${words.preview} role="group">
          ${value ? this.#preview(value) : nothing}
        </div>
        ${this.#source(value)}
        <div class="beside">${channelFacts(value, this.api.now)}</div>
      </div>
      <p2p-admin-swarm .api=${this.api} .channel=${this.channel}></p2p-admin-swarm>
      <p2p-admin-charts .api=${this.api} .channel=${this.channel}></p2p-admin-charts>
      <p2p-admin-viewers .api=${this.api} .channel=${this.channel}></p2p-admin-viewers>
      ${this.question ? confirmDialog(this.question, () => (this.question = null)) : nothing}
      ${
        this.edits && value
          ? html`<p2p-admin-channel-form .api=${this.api} .channel=${value} @dismiss=${() => (this.edits = false)} @saved=${this.#onSaved}></p2p-admin-channel-form>`
          : nothing
      }`;
  }

  /** Where viewers need a token, this page gets one first. What isn't live plays when asked to: a source on demand would begin for this page alone. */
  #preview({ settings, state }: AdminChannelDetail) {
    const { value: token } = this.#token;
    if (settings.view === 'token' && !token) return nothing;
    return html`<p2p-live name=${this.channel} .token=${token ?? ''} controls ?autoplay=${state === 'live'} muted p2p="off"></p2p-live>`;
  }

  #source(value: AdminChannelDetail | null) {
    const { channel: words } = adminStrings;
    if (!value) return nothing;
    const { source, entry, state } = value;
    return html`<section class="card source" aria-label=${words.source}>
      <div class="bar"><h2>${words.source}</h2>${source ? stateWord(source.state) : nothing}</div>
      <div class="inside">
        ${
          source
            ? html`<p class="mono url">${source.url}</p>
                <p class="soft">${words.bySwitch[source.when]}, ${words.since(formatDuration(this.api.now - source.since))}</p>
                ${source.error === null ? nothing : html`<p class="bad">${source.error}</p>`}`
            : html`<p class="soft">${words.noSource}</p>`
        }
        ${entry === null ? nothing : html`<p class="soft">${entry === 'added' ? words.added : words.fromFile}</p>`}
        <div class="deeds">
          ${source ? this.#switch(isRunning(source)) : nothing}
          ${entry === 'configuration' ? nothing : html`<button type="button" class="edit" @click=${() => (this.edits = true)}>${words.edit}</button>`}
          ${!source && state === 'live' ? html`<button type="button" class="disconnect" @click=${this.#askDisconnect}>${words.disconnect}</button>` : nothing}
          ${entry === 'added' ? html`<button type="button" class="danger remove" @click=${this.#askRemove}>${words.remove}</button>` : nothing}
        </div>
      </div>
    </section>`;
  }

  #switch(runs: boolean) {
    const { channels } = adminStrings;
    return html`<button type="button" class="switch" @click=${() => this.#do(() => this.api.switchSource(this.channel, runs ? 'stop' : 'start'))}>
      ${runs ? adminIcons.stop : adminIcons.play}${runs ? channels.stopWord : channels.startWord}
    </button>`;
  }

  #askRemove(): void {
    const { removeTitle, removeText: text, removeDo: word } = adminStrings.channel;
    const yes = async () => {
      if (await this.#do(() => this.api.removeChannel(this.channel))) location.hash = routeHash({ page: 'channels' });
    };
    this.question = { title: removeTitle(this.channel), text, word, yes };
  }

  #askDisconnect(): void {
    const { disconnectTitle, disconnectText: text, disconnectDo: word } = adminStrings.channel;
    const yes = () => void this.#do(() => this.api.disconnect(this.channel));
    this.question = { title: disconnectTitle(this.channel), text, word, yes };
  }

  async #do(deed: () => Promise<void>): Promise<boolean> {
    this.question = null;
    const isDone = await this.attempt(deed);
    await this.#poll.refresh();
    return isDone;
  }

  #onSaved(): void {
    this.edits = false;
    void this.#poll.refresh();
  }
}
