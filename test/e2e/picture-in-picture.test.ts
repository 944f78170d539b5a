// Picture in picture as Chromium has it: opened by a viewer's click and by a page's call, refused without either, left in every way there is.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

let stack: Stack;
let source: LiveSource;
let viewer: Viewer;

before(async () => {
  stack = await startStack();
  source = await httpSource('flv');
  const [one, other] = ['one', 'other'].map(name => stack.ingest(source.source, name));
  await Promise.all([one, other].map(ingest => ingest!.says(/published|publishing/i, 30_000))); // both are there
  viewer = await Viewer.open(`${stack.page('one')}&p2p=off`);
  // What Puppeteer itself runs is a touch to the page: nothing of that before the first test is over.
  const plays = async () => Number(await run(`document.querySelector('p2p-live')?.currentTime ?? 0`)) > 0.5;
  await until(plays, 'it plays', 20_000);
  await run(`
    window.element = document.querySelector('p2p-live');
    window.seen = [];
    for (const type of ['enterpictureinpicture', 'leavepictureinpicture'])
      element.addEventListener(type, event => seen.push([type, event.constructor.name, event.pictureInPictureWindow?.width > 0]));
    element.muted = true;`);
});
after(async () => {
  await viewer?.close();
  await source?.kill();
  await stack?.stop();
});
beforeEach(() => run('seen.length = 0'));

const ENTERED = ['enterpictureinpicture', 'PictureInPictureEvent', true];

/** Runs a script as a page's own timer would: nobody has touched anything. What it promises is waited for. */
async function run(expression: string, userGesture = false): Promise<unknown> {
  const session = await viewer.tab.page.createCDPSession();
  try {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      ...{ expression, userGesture, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  } finally {
    await session.detach();
  }
}

/** What the page sees of the window: whether its element is in it, and the events so far. */
async function look(): Promise<{ readonly isOpen: boolean; readonly seen: readonly (readonly unknown[])[] }> {
  // As the script makes it.
  return (await run(`({
    isOpen: document.pictureInPictureElement === element && element.shadowRoot.pictureInPictureElement.localName === 'video',
    seen,
  })`)) as Awaited<ReturnType<typeof look>>;
}

async function becomes(isOpen: boolean): Promise<void> {
  let now = await look();
  await until(
    async () => {
      now = await look();
      return now.isOpen === isOpen && now.seen.at(-1)?.[0] === `${isOpen ? 'enter' : 'leave'}pictureinpicture`;
    },
    () => `it is ${isOpen ? 'open' : 'shut'}: ${JSON.stringify(now)}`,
  );
}

/** Frames are shown, one after the other. */
async function moves(): Promise<void> {
  const shown = await run(`new Promise(resolve => {
    const times = [];
    const next = (now, { mediaTime }) => {
      times.push(mediaTime);
      if (times.length === 20) resolve(times);
      else element.requestVideoFrameCallback(next);
    };
    element.requestVideoFrameCallback(next);
  })`);
  assert.ok(Array.isArray(shown));
  assert.ok(
    shown.every((time, i) => i === 0 || time > shown[i - 1]),
    `the picture goes on: ${shown}`,
  );
}

async function press(part: string): Promise<void> {
  const { page } = viewer.tab;
  await page.hover('p2p-live');
  await page.waitForSelector('p2p-live >>> .bar:not(.away)');
  await page.locator(`p2p-live >>> .${part}`).click();
}

const open = () => run('element.requestPictureInPicture().then(({ width }) => width)', true);

test('is refused as by <video> where nobody has touched anything, or there is no picture', async () => {
  assert.equal(await run('navigator.userActivation.hasBeenActive'), false);
  const refusal = `.then(() => 'opened', error => [error.constructor.name, error.name])`;
  assert.deepEqual(await run(`element.requestPictureInPicture()${refusal}`), ['DOMException', 'NotAllowedError']);
  const empty = `document.createElement('p2p-live').requestPictureInPicture()${refusal}`;
  assert.deepEqual(await run(empty, true), ['DOMException', 'InvalidStateError']);
  await run('element.disablePictureInPicture = true; element.updateComplete');
  assert.deepEqual(await run(`element.requestPictureInPicture()${refusal}`, true), [
    'DOMException',
    'InvalidStateError',
  ]);
  await run('element.disablePictureInPicture = false; element.updateComplete');
  assert.deepEqual(await look(), { isOpen: false, seen: [] });
});

test('is opened and left by its button, goes on meanwhile, and tells of it', async () => {
  const label = () => run(`element.shadowRoot.querySelector('.pip-button').ariaLabel`);
  await press('pip-button');
  await becomes(true);
  assert.deepEqual((await look()).seen, [ENTERED]);
  await until(async () => (await label()) === 'Exit picture in picture', 'the button says so');
  await moves();
  await press('pip-button');
  await becomes(false);
  assert.equal((await look()).seen.length, 2);
  await until(async () => (await label()) === 'Picture in picture', 'the button says so');
  assert.equal(await run('element.paused'), false, 'it plays on in the page');
  await moves();
});

test('is opened by the page with a viewer’s touch, goes on behind another tab, and is left by the page', async () => {
  assert.ok(Number(await open()) > 0, 'the window has a width');
  await becomes(true);
  await viewer.tab.page.browser().newPage();
  assert.equal(await run('document.visibilityState'), 'hidden');
  const before = Number(await run('element.currentTime'));
  await until(async () => Number(await run('element.currentTime')) > before + 2, 'it goes on');
  assert.equal(await run('element.paused'), false);
  await viewer.tab.page.bringToFront();
  await run('document.exitPictureInPicture()');
  await becomes(false);
});

test('stays where the channel is changed or the element is moved, and is left where it is removed', async () => {
  await open();
  await becomes(true);
  await run(`element.name = 'other'`);
  await until(async () => (await viewer.look()).state === 'connecting', 'it leaves');
  await viewer.plays(10);
  assert.deepEqual(await look(), { isOpen: true, seen: [ENTERED] }, 'it has stayed');
  await moves();
  await run('document.body.append(element)');
  await moves();
  assert.deepEqual(await look(), { isOpen: true, seen: [ENTERED] }, 'it is still there');
  await run('element.remove()');
  await becomes(false);
});
