// The element under Trusted Types and without inline styles.

import { expectEqual, expectSame } from './expect.ts';
import type { StrictReport } from './strict-page.ts';

it('<p2p-live> works on a page with a strict policy, and nothing is held against it', async () => {
  const frame = document.createElement('iframe');
  frame.width = '600';
  frame.height = '400';
  const told = new Promise<StrictReport>(resolve =>
    window.addEventListener('message', ({ data, source }) => {
      if (source === frame.contentWindow) resolve(data);
    }),
  );
  frame.src = new URL('./strict-page.html', import.meta.url).href;
  document.body.append(frame);
  const { violations, videoWidth, states } = await told;
  frame.remove();
  // The poster, too, is out of bounds there.
  expectSame(
    violations.filter(violation => !violation.startsWith('img-src')),
    [],
  );
  expectSame(states, ['playing', 'playing', 'failed', 'waiting', 'idle']);
  expectEqual(videoWidth > 500, true, 'the styles are at work');
});
