// Signals that reach a program twice: from whoever started it, and from its parent, which passes them on.

import assert from 'node:assert/strict';
import test from 'node:test';
import { obeySignals } from '../../../relay/signals.ts';

test('a signal that comes twice at once is one; later it is another', t => {
  let now = 10_000;
  t.mock.method(performance, 'now', () => now);
  const done: string[] = [];
  let reason: string | undefined;
  t.after(() => {
    for (const name of ['SIGUSR2', 'SIGHUP', 'SIGTERM', 'SIGINT'] as const) process.removeAllListeners(name);
  });
  obeySignals(
    {
      close: () => Promise.reject(new Error('nobody asked for it')),
      drain: {
        get reason() {
          return reason;
        },
        begin(why) {
          reason = why;
          done.push('begin');
        },
        end() {
          reason = undefined;
          done.push('end');
        },
      },
      reloadCertificate: async () => void done.push('certificate'),
    },
    async () => void done.push('configuration'),
  );
  process.emit('SIGUSR2');
  now += 20;
  process.emit('SIGUSR2');
  process.emit('SIGHUP');
  assert.deepEqual(done, ['begin', 'configuration']);
  now += 501;
  process.emit('SIGUSR2');
  assert.deepEqual(done, ['begin', 'configuration', 'end']);
});
