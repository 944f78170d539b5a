// The element <p2p-admin-dialog>: asks for something before all else; its content is slotted.

import { css, html, LitElement } from 'lit';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';

/** Is open while it is on the page. Event: `dismiss`, when the person wants it away. */
export class AdminDialog extends LitElement {
  static override styles = [
    adminStyles,
    css`
      dialog {
        inline-size: min(460px, calc(100vw - 24px)); max-block-size: calc(100dvh - 24px); padding: 0; border: 1px solid var(--line); border-radius: 14px;
        background: var(--card); color: var(--ink); box-shadow: 0 16px 48px rgb(0 0 0 / 0.3); overflow: auto;
      }
      :host([wide]) dialog { inline-size: min(900px, calc(100vw - 24px)); }
      dialog::backdrop { background: rgb(5 8 14 / 0.55); }
      header { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 14px 14px 10px 20px; }
      h2 { font-size: 16px; overflow-wrap: anywhere; }
      .body { padding: 2px 20px 20px; }
    `,
  ];
  static override properties = { heading: {}, wide: { type: Boolean, reflect: true } };

  /** What it is about. */
  declare heading: string;
  declare wide: boolean;

  #before: HTMLElement | null = null;

  constructor() {
    super();
    this.heading = '';
    this.wide = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#before = focused();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // What leads here may be gone with what was removed.
    if (this.#before?.isConnected) this.#before.focus();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
    this.querySelector<HTMLElement>('[autofocus]')?.focus();
  }

  protected override render() {
    return html`<dialog aria-labelledby="heading" @cancel=${this.#dismiss}>
      <header>
        <h2 id="heading">${this.heading}</h2>
        <button type="button" class="square quiet" aria-label=${adminStrings.close} @click=${this.#dismiss}>${adminIcons.close}</button>
      </header>
      <div class="body"><slot></slot></div>
    </dialog>`;
  }

  #dismiss(event: Event): void {
    event.preventDefault();
    this.dispatchEvent(new Event('dismiss'));
  }
}

/** What has the focus, however deep it is. */
function focused(): HTMLElement | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : null;
}
