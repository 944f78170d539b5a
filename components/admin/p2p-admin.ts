// The element <p2p-admin>: the relay's dashboard, for whoever operates it.

import { html, LitElement, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { AdminApi, type AdminWorld } from './admin-api.ts';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { formatClock } from './format-figures.ts';
import { p2pAdminStyles } from './p2p-admin-styles.ts';
import { Poll } from './poll.ts';
import { PAGES, type PageName, type Route, readRoute, routeHash } from './route.ts';
import { applyTheme, savedTheme, THEMES, type Theme } from './theme.ts';

const EVERY = 5_000;
/** Milliseconds that a sentence about a failure is shown. */
const NOTICE_MS = 8_000;

/** Fills its page. Importing the class registers nothing. */
export class P2pAdmin extends LitElement {
  static override styles = [adminStyles, p2pAdminStyles];
  static override properties = {
    base: {},
    access: { state: true },
    route: { state: true },
    theme: { state: true },
    notice: { state: true },
  };

  /** What asks the relay; tests put stand-ins here. */
  static world: AdminWorld | undefined;

  /** Where the API is. */
  declare base: string;
  /** Whether somebody is signed in; `unknown` before the first answer. */
  declare access: 'unknown' | 'in' | 'out' | 'over';
  declare route: Route;
  declare theme: Theme;
  /** What did not work a moment ago. */
  declare notice: string;

  readonly #api: AdminApi;
  readonly #status: Poll<Awaited<ReturnType<AdminApi['status']>>>;
  #noticeTimer: number | undefined;
  /** When the relay answered last, Unix milliseconds. */
  #answeredAt: number | undefined;

  constructor() {
    super();
    this.base = '/admin/api/';
    this.access = 'unknown';
    this.route = readRoute(location.hash);
    this.theme = savedTheme();
    this.notice = '';
    this.#api = new AdminApi(this.base, P2pAdmin.world);
    this.#api.addEventListener('signedout', () => this.#onSignedOut());
    this.#api.addEventListener('reachchange', () => this.requestUpdate());
    this.#status = new Poll(this, EVERY, () => (this.access === 'out' || this.access === 'over' ? null : this.#ask()));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    applyTheme(document.documentElement, this.theme);
    window.addEventListener('hashchange', this.#onRoute);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#onRoute);
    clearTimeout(this.#noticeTimer);
  }

  protected override updated(): void {
    const { pages, title } = adminStrings;
    const { page, channel } = this.route;
    document.title = this.access === 'in' ? `${channel ?? pages[page]} · ${title}` : title;
  }

  protected override render() {
    if (this.access === 'out' || this.access === 'over')
      return html`<p2p-admin-sign-in .api=${this.#api} .isOver=${this.access === 'over'} @signedin=${this.#onSignedIn}></p2p-admin-sign-in>`;
    if (this.access === 'unknown')
      return html`<main class="first">
        <p role="status" class=${this.#api.isReachable ? 'soft' : 'warn'}>${this.#api.isReachable ? adminStrings.loading : adminStrings.awayAtOnce}</p>
      </main>`;
    const { page } = this.route;
    return html`<div class="frame" @fault=${this.#onFault} @changed=${() => this.#status.refresh()}>
      ${this.#header()}
      <nav aria-label=${adminStrings.navigation}>${PAGES.map(name => this.#link(name, name === page))}</nav>
      <main class=${page} @click=${() => (this.notice = '')}>${this.#banners()} ${this.#page()}</main>
    </div>`;
  }

  async #ask() {
    const status = await this.#api.status();
    this.#answeredAt = Date.now();
    this.access = 'in';
    return status;
  }

  #header() {
    const { title, themes, signOut, overview } = adminStrings;
    const next = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length]!;
    const status = this.#status.value;
    return html`<header>
      <a class="brand" href=${routeHash({ page: 'overview' })}>${adminIcons.mark}<span>${location.host}</span><span class="spoken">${title}</span></a>
      <p class="about soft">${status ? overview.facts(status.version, status.runtime) : nothing}</p>
      <div class="switches">
        <button type="button" class="quiet square theme" title=${themes[this.theme]} aria-label=${themes[this.theme]} @click=${() => this.#setTheme(next)}>${adminIcons[this.theme]}</button>
        <button type="button" class="quiet square leave" title=${signOut} aria-label=${signOut} @click=${this.#signOut}>${adminIcons.leave}</button>
      </div>
    </header>`;
  }

  #link(page: PageName, isHere: boolean) {
    const here = isHere ? (this.route.channel === undefined ? 'page' : 'true') : nothing;
    return html`<a href=${routeHash({ page })} aria-current=${here}>${adminIcons[page]}<span>${adminStrings.pages[page]}</span></a>`;
  }

  #banners() {
    const { away, awayAtOnce, draining } = adminStrings;
    const since = this.#answeredAt === undefined ? awayAtOnce : away(formatClock(this.#answeredAt));
    return html`<div role="status">
        ${this.#api.isReachable ? nothing : html`<p class="card notice warn away">${adminIcons.warning}${since}</p>`}
        ${this.#status.value?.draining ? html`<p class="card notice warn draining">${adminIcons.warning}${draining}</p>` : nothing}
      </div>
      <div role="alert">${this.notice ? html`<p class="card notice bad fault">${adminIcons.warning}${this.notice}</p>` : nothing}</div>`;
  }

  #page() {
    const { page, channel } = this.route;
    const api = this.#api;
    const status = this.#status.value;
    if (page === 'recordings') return html`<p2p-admin-recordings .api=${api} .status=${status}></p2p-admin-recordings>`;
    if (page === 'log') return html`<p2p-admin-log .api=${api}></p2p-admin-log>`;
    if (page === 'overview') return html`<p2p-admin-overview .api=${api} .status=${status}></p2p-admin-overview>`;
    if (channel === undefined) return html`<p2p-admin-channels .api=${api}></p2p-admin-channels>`;
    // Another channel is another page: nothing of the one before is shown for it.
    return keyed(channel, html`<p2p-admin-channel .api=${api} .channel=${channel}></p2p-admin-channel>`);
  }

  readonly #onRoute = (): void => {
    this.route = readRoute(location.hash);
    this.notice = '';
    scrollTo(0, 0);
    void this.#arrive();
  };

  /** Whoever hears the page goes on at its heading. */
  async #arrive(): Promise<void> {
    await this.updateComplete;
    const page = this.renderRoot.querySelector('main > :last-child');
    if (!(page instanceof LitElement)) return;
    await page.updateComplete;
    page.renderRoot.querySelector('h1')?.focus({ preventScroll: true });
  }

  #onSignedIn(): void {
    this.access = 'unknown';
    void this.#status.refresh();
  }

  #onSignedOut(): void {
    if (this.access === 'unknown') this.access = 'out';
    else if (this.access === 'in') this.access = 'over';
  }

  async #signOut(): Promise<void> {
    // Whether or not the relay hears of it.
    await this.#api.signOut().catch(() => undefined);
    this.access = 'out';
  }

  #setTheme(theme: Theme): void {
    this.theme = theme;
    applyTheme(document.documentElement, theme);
  }

  #onFault(event: CustomEvent<string>): void {
    this.notice = adminStrings.failed(event.detail);
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = window.setTimeout(() => (this.notice = ''), NOTICE_MS);
  }
}
