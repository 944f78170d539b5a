// Where programs are started.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { netlabArguments } from '../../../bench/swarm/lab.ts';
import { LOOPBACK, labPlace, startScript } from '../../../bench/swarm/place.ts';

describe('places of the swarm bench', () => {
  it('leaves programs as they are on loopback', () => {
    const command = { command: 'deno', args: ['run'] };
    assert.equal(LOOPBACK.at(3, command), command);
    assert.deepEqual(LOOPBACK.flags('http://127.0.0.1:1'), []);
    assert.equal(startScript(LOOPBACK, 3, '/usr/bin/chromium', '/nowhere'), '/usr/bin/chromium');
  });

  it('starts programs in the namespace of their host in the lab', () => {
    const lab = labPlace('10.77.0.10');
    assert.deepEqual(lab.at(2, { command: 'deno', args: ['run', 'x'] }), {
      command: 'ip',
      args: ['netns', 'exec', 'lab2', 'deno', 'run', 'x'],
    });
    assert.deepEqual(lab.flags('http://10.77.0.10:80'), [
      '--unsafely-treat-insecure-origin-as-secure=http://10.77.0.10:80',
    ]);
  });

  it('writes a script where only a path is taken, whatever the path looks like', () => {
    const folder = mkdtempSync(join(tmpdir(), 'p2p-live-place-'));
    try {
      const script = startScript(labPlace('10.77.0.10'), 5, "/opt/it's here/chrome", folder);
      assert.equal(
        readFileSync(script, 'utf8'),
        `#!/bin/sh\nexec 'ip' 'netns' 'exec' 'lab5' '/opt/it'\\''s here/chrome' "$@"\n`,
      );
      assert.ok(statSync(script).mode & 0o100);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells netlab the network and the command', () => {
    const lab = { netlab: undefined, rtt: 50, jitter: 5, loss: 1, up: 2.4, down: 20, tcp: 'cubic' };
    assert.equal(
      netlabArguments('n.py', 6, lab, ['node', 'main.ts', '--lab']).join(' '),
      'n.py --hosts 6 --rtt 50 --jitter 5 --loss 1 --up 2.4 --down 20 -- node main.ts --lab',
    );
  });
});
