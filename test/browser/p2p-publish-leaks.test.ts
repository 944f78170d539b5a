// Broadcasting elements that have left are collected, with all that they held.

import { expectEqual, expectThat } from './expect.ts';
import { FakePublication } from './fake-publication.ts';
import { mountLive, press, unmountPublish } from './mount-publish.ts';

/** Chromium's `--expose-gc`: resolves when all is collected that can be. */
async function collect(): Promise<void> {
  const gc: unknown = Reflect.get(globalThis, 'gc');
  expectThat(typeof gc === 'function', 'the browser was started with --expose-gc');
  await gc({ type: 'major', execution: 'async' });
}

/** Five that go on air, are moved, touched and removed. */
async function visit(): Promise<WeakRef<object>[]> {
  const gone: WeakRef<object>[] = [];
  for (let i = 0; i < 5; i++) {
    const element = await mountLive(`channel="a" token="t" lang="de" ${i % 2 ? 'source="screen"' : ''}`);
    press(element, 'settings-button');
    await element.updateComplete;
    document.body.append(element);
    gone.push(new WeakRef(element), new WeakRef(element.stream));
    element.remove();
  }
  gone.push(...FakePublication.made.map(each => new WeakRef(each)));
  return gone;
}

it('<p2p-publish> leaves nothing behind when five have been on air and left', async () => {
  const gone = await visit();
  await unmountPublish();
  let left = gone.length;
  for (let attempt = 0; attempt < 40 && left > 0; attempt++) {
    await collect();
    left = gone.filter(each => each.deref()).length;
  }
  const kinds = gone.map(each => each.deref()?.constructor.name ?? '').join(' ');
  expectEqual(left, 0, `left over: ${kinds}`);
});
