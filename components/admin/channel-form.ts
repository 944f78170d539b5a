// The element <p2p-admin-channel-form>: asks for a channel's name and where it comes from.

import { css, html, nothing } from 'lit';
import type { AdminChannelDetail } from '../../core/admin/answers.ts';
import { AdminFailure } from './admin-api.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';

const NAME = /^[\w.~-]+(\/[\w.~-]+)*$/;
const LONGEST = 128;

/** Events: `saved` with the channel's name as its `detail`, and `dismiss`. */
export class ChannelForm extends AdminView {
  static override styles = [
    adminStyles,
    css`
      form { display: grid; gap: 16px; }
      fieldset { display: grid; gap: 2px; margin: 0; padding: 0; border: 0; min-inline-size: 0; }
      legend { padding: 0; margin-block-end: 4px; }
      .fault:empty { display: none; }
      .fault { overflow-wrap: anywhere; }
    `,
  ];
  static override properties = {
    ...AdminView.properties,
    channel: { attribute: false },
    fault: { state: true },
    nameIsWrong: { state: true },
    saves: { state: true },
  };

  /** The one to change; null for a new one. */
  declare channel: AdminChannelDetail | null;
  declare fault: string;
  declare nameIsWrong: boolean;
  declare saves: boolean;

  constructor() {
    super();
    this.channel = null;
    this.fault = '';
    this.nameIsWrong = this.saves = false;
  }

  protected override render() {
    const { add, cancel } = adminStrings;
    const { channel } = this;
    return html`<p2p-admin-dialog heading=${channel ? add.edit(channel.name) : add.title}>
      <form novalidate @submit=${this.#submit}>
        ${
          channel
            ? nothing
            : html`<label class="field">
                <span>${add.name}</span>
                <input
                  name="name" autofocus autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="name-hint fault"
                  aria-invalid=${this.nameIsWrong} maxlength=${LONGEST}
                >
                <small id="name-hint">${add.nameHint}</small>
              </label>`
        }
        <label class="field">
          <span>${add.url}</span>
          <input
            name="url" inputmode="url" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="url-hint fault"
            .value=${channel?.source?.url ?? ''} placeholder="https://…"
          >
          <small id="url-hint">${add.urlHint}</small>
        </label>
        <fieldset>
          <legend>${add.when}</legend>
          ${this.#when('always', add.always)} ${this.#when('on-demand', add.onDemand)}
        </fieldset>
        <label class="choice"><input type="checkbox" name="record" .checked=${channel?.settings.record ?? false}>${add.record}</label>
        <p class="bad fault" id="fault" role="alert">${this.fault}</p>
        <div class="answers">
          <button type="button" @click=${this.#dismiss}>${cancel}</button>
          <button type="submit" class="primary" ?disabled=${this.saves}>${channel ? add.saveEdit : add.save}</button>
        </div>
      </form>
    </p2p-admin-dialog>`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('p2p-admin-dialog')?.addEventListener('dismiss', () => this.#dismiss());
  }

  #when(when: 'always' | 'on-demand', label: string) {
    const chosen = this.channel?.source?.when ?? 'always';
    return html`<label class="choice"><input type="radio" name="when" value=${when} .checked=${chosen === when}>${label}</label>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.saves || !(event.target instanceof HTMLFormElement)) return;
    const data = new FormData(event.target);
    const field = (name: string) => String(data.get(name) ?? '').trim();
    const name = this.channel?.name ?? field('name');
    this.nameIsWrong = !NAME.test(name) || name.length > LONGEST;
    this.fault = this.nameIsWrong ? adminStrings.add.badName : '';
    if (this.nameIsWrong) {
      event.target.querySelector<HTMLInputElement>('[name=name]')?.focus();
      return;
    }
    const when = field('when') === 'on-demand' ? 'on-demand' : 'always';
    const url = field('url');
    const source = url === '' ? null : ({ url, when } as const);
    const record = data.has('record');
    this.saves = true;
    try {
      if (!this.channel && (await this.#isThere(name))) {
        this.fault = adminStrings.add.isThere(name);
        return;
      }
      await this.api.changeChannel(name, { record, ...((source || this.channel?.source) && { source }) });
      this.dispatchEvent(new CustomEvent('saved', { detail: name }));
    } catch (error) {
      const isRefused = error instanceof AdminFailure && error.code === 'refused';
      this.fault = isRefused ? error.message : adminStrings.awayAtOnce;
    } finally {
      this.saves = false;
    }
  }

  /** Whether somebody has set it up before. */
  async #isThere(name: string): Promise<boolean> {
    try {
      return (await this.api.channel(name)).entry !== null;
    } catch (error) {
      if (error instanceof AdminFailure && error.status === 404) return false;
      throw error;
    }
  }

  #dismiss(): void {
    this.dispatchEvent(new Event('dismiss'));
  }
}
