// The control that goes back in time: a slider over what can be sought to.

import { html, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { ControlView } from './control-view.ts';
import { formatClock, speakSeconds } from './format-number.ts';
import { LATE, type Rewind, rewindOf, seekForKey, seekTo } from './rewind.ts';

/** Half of the thumb's width, in pixels: so far from the ends its middle stays. */
const THUMB = 7;
/** Seconds. On a slider, up is more. */
const SLIDER_STEPS: Readonly<Record<string, number>> = { ArrowUp: 10, ArrowDown: -10, PageUp: 60, PageDown: -60 };

/** Draws the bar, and remembers where the pointer is on it. */
export class RewindBar {
  readonly #host: ReactiveControllerHost & HTMLElement;
  /** Where the thumb is held, or the pointer is. */
  #dragged: number | undefined;
  #hovered: number | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
  }

  /** Whether somebody holds the thumb. */
  get held(): boolean {
    return this.#dragged !== undefined;
  }

  /** Whether the bar runs from right to left. */
  get rtl(): boolean {
    return getComputedStyle(this.#host).direction === 'rtl';
  }

  template(view: ControlView): TemplateResult | undefined {
    const rewind = rewindOf(view);
    if (!rewind) return this.#let();
    const { start, edge, recorded } = rewind;
    const { strings } = view;
    const time = this.#dragged ?? rewind.time;
    const pointed = this.#dragged ?? this.#hovered;
    const share = (at: number) => Math.min(1, Math.max(0, (at - start) / (edge - start)));
    const behind = edge - time;
    const spoken = recorded
      ? speakSeconds(strings, time - start)
      : behind < LATE
        ? strings.live
        : strings.behind(speakSeconds(strings, behind));
    // `.style` goes through the object model: a strict `style-src` forbids style attributes.
    return html`<div class="rewind" part="rewind">
      <input
        type="range" class="slider rewind-bar" part="slider rewind-bar" aria-label=${recorded ? strings.position : strings.rewind} aria-valuetext=${spoken}
        min="0" max=${edge - start} step="any" .value=${String(time - start)}
        .style=${`--filled:${100 * share(time)}%;--held:${heldParts(view.video.buffered, share, this.rtl)}`}
        @input=${(event: InputEvent) => this.#drag(start + timeOf(event))}
        @change=${(event: Event) => this.#drop(view, rewind, start + timeOf(event))}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event, view)}
        @pointermove=${(event: PointerEvent) => this.#hover(event, rewind)}
        @pointerleave=${() => this.#hover()} @pointercancel=${() => this.#let()} @blur=${() => this.#let()}
      >${pointed === undefined ? '' : tooltip(view, recorded ? pointed - start : edge - pointed, share(pointed))}
    </div>`;
  }

  #onKey(event: KeyboardEvent, view: ControlView): void {
    const rewind = rewindOf(view);
    if (!rewind || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = SLIDER_STEPS[event.key];
    const wish = steps ? seekTo(rewind.time + steps, rewind) : seekForKey(event.key, rewind, this.rtl);
    if (!wish) return;
    event.preventDefault();
    view.grant(wish);
  }

  #drag(time: number): void {
    this.#dragged = time;
    this.#host.requestUpdate();
  }

  #drop({ grant }: ControlView, rewind: Rewind, time: number): void {
    this.#let();
    grant(seekTo(time, rewind));
  }

  #let(): undefined {
    if (this.#dragged !== undefined) this.#host.requestUpdate();
    this.#dragged = undefined;
  }

  #hover(event?: PointerEvent, { start, edge }: Partial<Rewind> = {}): void {
    this.#hovered = undefined;
    if (event?.pointerType !== 'touch' && event?.target instanceof HTMLElement && start !== undefined && edge) {
      const { left, width } = event.target.getBoundingClientRect();
      const along = Math.min(1, Math.max(0, (event.clientX - left - THUMB) / (width - 2 * THUMB)));
      this.#hovered = start + (this.rtl ? 1 - along : along) * (edge - start);
    }
    this.#host.requestUpdate();
  }
}

function timeOf({ target }: Event): number {
  return target instanceof HTMLInputElement ? target.valueAsNumber : 0;
}

/** How long ago that was, and when; of a recording, how far into it (`seconds`). */
function tooltip({ strings, targetLatency, recorded }: ControlView, seconds: number, share: number): TemplateResult {
  const when = new Date(Date.now() - (seconds + targetLatency) * 1000);
  const place = recorded ? formatClock(seconds) : seconds < LATE ? strings.live : `−${formatClock(seconds)}`;
  return html`<div class="tooltip" part="rewind-tooltip" aria-hidden="true" .style=${`--at:${share}`}>
    <b dir="ltr">${place}</b>
    ${recorded ? '' : html`<time>${new Intl.DateTimeFormat(strings.locale, { timeStyle: 'medium' }).format(when)}</time>`}
  </div>`;
}

/** What the browser holds, as a gradient along the track. */
function heldParts(buffered: TimeRanges, share: (at: number) => number, rtl: boolean): string {
  const stops: string[] = [];
  for (let index = 0; index < buffered.length; index++) {
    const from = `${100 * share(buffered.start(index))}%`;
    const to = `${100 * share(buffered.end(index))}%`;
    stops.push(`#0000 ${from}`, `var(--held-color) ${from} ${to}`, `#0000 ${to}`);
  }
  return stops.length ? `linear-gradient(to ${rtl ? 'left' : 'right'},${stops})` : 'none';
}
