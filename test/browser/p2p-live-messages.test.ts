// `send()` and the `message` event of the element.

import { expectEqual, expectSame, expectThat } from './expect.ts';
import { mount, player, unmountAll } from './mount.ts';

function errorOf(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('<p2p-live> messages', () => {
  afterEach(unmountAll);

  it('sends what it is given, text or bytes', async () => {
    const element = await mount('name="lecture" autoplay muted');
    const bytes = Uint8Array.of(1, 2);
    element.send('hello');
    element.send(bytes);
    element.send(bytes.buffer);
    for (const [index, sent] of ['hello', bytes, bytes.buffer].entries()) expectEqual(player().said[index], sent);
  });

  it('says so while it is not connected: before it is to play, when it is cut off, after it was stopped', async () => {
    const element = await mount();
    const isInvalid = () => {
      const error = errorOf(() => element.send('hello'));
      expectThat(error instanceof DOMException && error.name === 'InvalidStateError', `${error}`);
    };
    isInvalid();
    element.play().catch(() => undefined);
    element.send('now');
    player().isCutOff = true;
    isInvalid();
    player().isCutOff = false;
    element.stop();
    isInvalid();
  });

  it('fires MessageEvents that say who sent it, and whether it was sent here', async () => {
    const element = await mount('name="lecture" autoplay muted');
    const told: unknown[] = [];
    element.addEventListener('message', event => {
      expectThat(event instanceof MessageEvent, 'it is a MessageEvent');
      told.push([event.data, event.from, event.own]);
    });
    const data = new ArrayBuffer(2);
    player().dispatchEvent(new CustomEvent('message', { detail: { from: '#abc', own: false, data: 'hello' } }));
    player().dispatchEvent(new CustomEvent('message', { detail: { from: 'alice', own: true, data } }));
    expectSame(told, [
      ['hello', '#abc', false],
      [data, 'alice', true],
    ]);
    const old = player();
    element.stop();
    old.dispatchEvent(new CustomEvent('message', { detail: { from: '#abc', own: false, data: 'late' } }));
    expectEqual(told.length, 2, 'nothing comes after the end');
  });
});
