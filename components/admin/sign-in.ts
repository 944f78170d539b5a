// The element <p2p-admin-sign-in>: asks for the admin token.

import { css, html } from 'lit';
import { AdminFailure } from './admin-api.ts';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';

/** Event: `signedin`. */
export class SignIn extends AdminView {
  static override styles = [
    adminStyles,
    css`
      main { display: grid; place-content: center; min-block-size: 100dvh; padding: 24px 16px; }
      form { display: grid; gap: 16px; inline-size: min(360px, calc(100vw - 32px)); padding: 28px 26px 26px; }
      .brand { color: var(--accent); }
      .brand .icon { inline-size: 34px; block-size: 34px; margin-inline-start: -4px; }
      .fault:empty { display: none; }
    `,
  ];
  static override properties = {
    ...AdminView.properties,
    isOver: { attribute: false },
    fault: { state: true },
    enters: { state: true },
  };

  /** Whether a session was there and has ended. */
  declare isOver: boolean;
  declare fault: string;
  declare enters: boolean;

  constructor() {
    super();
    this.isOver = this.enters = false;
    this.fault = '';
  }

  protected override render() {
    const { signIn, title } = adminStrings;
    return html`<main>
      <form class="card" @submit=${this.#submit}>
        <div class="brand">${adminIcons.mark}</div>
        <div>
          <h1>${title}</h1>
          <p class="soft">${this.isOver ? signIn.over : signIn.intro}</p>
        </div>
        <input hidden name="username" autocomplete="username" value="admin">
        <label class="field">
          <span>${signIn.token}</span>
          <input name="token" type="password" required autocomplete="current-password" aria-describedby="fault" aria-invalid=${this.fault !== ''}>
        </label>
        <p class="bad fault" id="fault" role="alert">${this.fault}</p>
        <button type="submit" class="primary" ?disabled=${this.enters}>${this.enters ? signIn.entering : signIn.enter}</button>
      </form>
    </main>`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('[name=token]')?.focus();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement) || this.enters) return;
    const token = String(new FormData(event.target).get('token') ?? '').trim();
    if (token === '') return;
    this.enters = true;
    this.fault = '';
    try {
      await this.api.signIn(token);
      this.dispatchEvent(new Event('signedin'));
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      this.enters = false;
    }
  }
}

function faultOf(error: unknown): string {
  const { signIn, failed } = adminStrings;
  if (!(error instanceof AdminFailure)) return failed(String(error));
  if (error.code === 'unreachable') return signIn.unreachable;
  if (error.code === 'signed-out') return signIn.wrong;
  return error.status === 429 ? signIn.tooMany : failed(error.message);
}
