// Runs in strict-page.html: elements in every state under a strict policy, and what the browser had to say against it.

import '../../components/define.ts';
import { P2pLive } from '../../components/p2p-live.ts';
import { nextEvent } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { player } from './mount.ts';

/** What the page tells the test. */
export interface StrictReport {
  readonly violations: readonly string[];
  /** How wide the playing element's inner video is drawn, in CSS pixels: its styles are at work. */
  readonly videoWidth: number;
  readonly states: readonly string[];
}

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  violations.push(`${violatedDirective} ${blockedURI} ${sample}`),
);
window.addEventListener('error', ({ message }) => violations.push(message));
window.addEventListener('unhandledrejection', ({ reason }) => violations.push(String(reason)));

P2pLive.createPlayer = (video, options) => new FakePlayer(video, options);

/** An element on the page, made without markup. */
async function put(attributes: Record<string, string>): Promise<P2pLive> {
  const element = document.createElement('p2p-live');
  for (const [name, value] of Object.entries({ name: 'lecture', muted: '', ...attributes }))
    element.setAttribute(name, value);
  document.body.append(element);
  await element.updateComplete;
  return element;
}

async function putPlaying(attributes: Record<string, string>): Promise<P2pLive> {
  const element = await put({ autoplay: '', ...attributes });
  const playing = nextEvent(element, 'playing');
  player().show();
  await playing;
  return element;
}

const states: string[] = [];
const bare = await putPlaying({});
const playing = await putPlaying({ controls: '' });
Object.assign(player(), { seekable: { start: 0, end: 300 }, liveEdge: 299 });
player().tell({ latency: 12 });
await playing.updateComplete;
const button = playing.renderRoot.querySelector('[part~="stats-button"]');
if (button instanceof HTMLButtonElement) button.click();
const failed = await put({ controls: '', autoplay: '' });
player().fail('internal', '<b onclick="alert(1)">no markup</b>');
const waiting = await put({ name: '<img src=x>', controls: '', autoplay: '' });
player().become('waiting');
const idle = await put({ controls: '', poster: 'x.png' });
for (const element of [bare, playing, failed, waiting, idle]) {
  await element.updateComplete;
  states.push(element.state);
}
// Violations are told by tasks of their own.
await new Promise(resolve => setTimeout(resolve, 50));
const videoWidth = playing.renderRoot.querySelector('video')?.getBoundingClientRect().width ?? 0;
parent.postMessage({ violations, videoWidth, states } satisfies StrictReport, location.origin);
