// What was counted -> figures, and how they are printed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Account, type Measured, swarmFigures } from '../../../bench/swarm/swarm-figures.ts';
import { readSwarmOptions } from '../../../bench/swarm/swarm-options.ts';
import { swarmJson, swarmTable } from '../../../bench/swarm/swarm-table.ts';
import type { ViewerReport } from '../../../bench/swarm/viewer-report.ts';

const START = 1_000_000;
const WARM = START + 20_000;
const END = START + 60_000;
const MB = 1e6;

function report(over: Partial<ViewerReport> = {}): ViewerReport {
  return {
    startedAt: START,
    firstFrameMs: 200,
    pageToFirstFrameMs: 300,
    latencies: [
      [WARM - 1, 9_000],
      [WARM, 700],
      [WARM + 1_000, 900],
    ],
    unread: 0,
    waits: [],
    bytesFromPeers: 0,
    bytesFromServer: 0,
    details: {},
    ...over,
  };
}

const stayer = (before: Partial<ViewerReport>, after: Partial<ViewerReport>): Account => ({
  before: report(before),
  after: report(after),
  stayed: true,
});

function measured(over: Partial<Measured> = {}): Measured {
  const before = { bytesFromPeers: MB, bytesFromServer: 2 * MB };
  const after = { bytesFromPeers: 7 * MB, bytesFromServer: 4 * MB };
  return {
    viewers: 2,
    warmAt: WARM,
    endAt: END,
    accounts: [stayer(before, after), stayer(before, after)],
    server: [
      { stream: MB, sent: 0 },
      { stream: 3 * MB, sent: 4 * MB },
      { stream: 11 * MB, sent: 8 * MB },
    ],
    cores: { browsers: 1.234, servers: 0.1, encoder: 0.3, others: -0.01 },
    ...over,
  };
}

describe('swarmFigures', () => {
  it('counts traffic after the warm-up, and of the whole run', () => {
    const figures = swarmFigures(measured());
    // 12 MB from peers, 4 MB from the server: three quarters, where a half is the most that two viewers could need.
    assert.equal(figures.share_of_ceiling, 1.5);
    assert.deepEqual([figures.relay_mb, figures.peers_mb, figures.relay_mb_by_viewers], [4, 12, 4]);
    assert.equal(figures.copies_per_chunk, 0.5);
    assert.equal(figures.offload_by_server, 0.75);
    assert.deepEqual(figures.whole_run, { share_of_ceiling: 1.273, copies_per_chunk: 0.8, relay_mb: 8, peers_mb: 14 });
  });

  it('tells what the machine was busy with', () => {
    const figures = swarmFigures(measured());
    assert.deepEqual([figures.cpu, figures.cpu_browsers, figures.cpu_servers], [1.33, 1.23, 0.1]);
    assert.deepEqual([figures.cpu_encoder, figures.cpu_others, figures.stream_mbps], [0.3, 0, 1.6]);
  });

  it('takes latency after the warm-up only', () => {
    assert.deepEqual(swarmFigures(measured()).latency_ms, { p50: 700, p95: 900 });
  });

  it('counts waits of over 100 ms of those who stayed as stalls', () => {
    const waits: ViewerReport['waits'] = [
      [START + 500, 99],
      [START + 9_000, 101],
      [END - 100, 5_000],
    ];
    const leaver = { ...stayer({}, { waits }), stayed: false };
    const figures = swarmFigures(measured({ accounts: [stayer({}, { waits }), stayer({}, {}), leaver] }));
    assert.equal(figures.stalls, 2);
    assert.equal(figures.longest_stall_ms, 5_000);
    assert.equal(figures.stalls_per_viewer_minute, 1); // two in two times 59.8 s
  });

  it('counts what leavers and newcomers carried', () => {
    const newcomer: Account = { before: undefined, after: report({ bytesFromPeers: 5 * MB }), stayed: false };
    const leaver: Account = {
      before: report({ bytesFromPeers: MB }),
      after: report({ bytesFromPeers: 2 * MB }),
      stayed: false,
    };
    assert.equal(swarmFigures(measured({ accounts: [newcomer, leaver] })).peers_mb, 6);
  });

  it('has null for what was not measured', () => {
    const unknown = { stream: null, sent: null };
    const account = stayer({ bytesFromPeers: null }, { bytesFromPeers: null, latencies: [] });
    const figures = swarmFigures(measured({ accounts: [account], server: [unknown, unknown, unknown] }));
    assert.deepEqual(
      [figures.share_of_ceiling, figures.copies_per_chunk, figures.relay_mb, figures.peers_mb],
      [null, null, null, null],
    );
    assert.deepEqual(figures.latency_ms, { p50: null, p95: null });
  });

  it('tells of viewers that never showed a picture or did not answer', () => {
    const silent: Account = { before: undefined, after: undefined, stayed: true };
    const dark = stayer({}, { firstFrameMs: null, latencies: [] });
    const figures = swarmFigures(measured({ accounts: [silent, dark] }));
    assert.equal(figures.viewers_without_picture, 2);
    assert.equal(figures.stalls_per_viewer_minute, null);
    assert.deepEqual(figures.first_frame_ms, { p50: null, p95: null });
  });
});

describe('the printed result', () => {
  const options = readSwarmOptions(['--lab', '--viewers', '2']);
  const results = new Map([['p2p-live' as const, swarmFigures(measured())]]);

  it('is null for a player that did not run', () => {
    const json = swarmJson(options, results, 'cubic');
    assert.equal(Reflect.get(json, 'p2p-media-loader'), null);
    assert.equal(Reflect.get(json, 'p2p-live'), results.get('p2p-live'));
    assert.deepEqual(json.conditions.lab, {
      ...{ rtt: 50, jitter: 5, loss: 1, up: 2.4, down: 20 },
      tcp_congestion_control: 'cubic',
    });
  });

  it('is a table that says under which conditions', () => {
    const table = swarmTable(options, results, 'cubic');
    assert.match(table, /2 viewers in the lab \(round trip 50 ms.*TCP cubic\)/);
    assert.match(table, /^share of the ceiling +1\.5$/m);
    assert.doesNotMatch(table, /busy/);
  });

  it('says when other programs disturbed the measurement', () => {
    const cores = { browsers: 0.1, servers: 0.1, encoder: 0.1, others: 0.5 };
    const figures = swarmFigures(measured({ cores }));
    assert.match(
      swarmTable(options, new Map([['p2p-live', figures]]), 'cubic'),
      /p2p-live: the machine was full or busy/,
    );
  });
});
