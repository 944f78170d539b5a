// NatSense: what candidates as browsers write them say about the network.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NatSense } from '../../../../components/engine/nat-sense.ts';

const hidden = 'candidate:1 1 udp 2113937151 5f0c6a1e-1d3a.local 50123 typ host generation 0';
const mapped = (port: number, foundation = 2) =>
  `candidate:${foundation} 1 udp 1677729535 203.0.113.9 ${port} typ srflx raddr 0.0.0.0 rport 0 generation 0`;

function sense(lines: readonly (readonly [attempt: number, line: string])[], servers = true): NatSense {
  const nat = new NatSense();
  nat.hasServers = servers;
  for (const [attempt, candidate] of lines) {
    nat.candidate(attempt, JSON.stringify({ candidate, sdpMid: '0', sdpMLineIndex: 0 }), 1_000);
  }
  return nat;
}

describe('NatSense', () => {
  it('knows nothing before there is a candidate', () => {
    assert.equal(sense([]).kind(60_000), 'unknown');
  });

  it('says cone for an address that STUN tells, the same to all who ask', () => {
    const same: [number, string][] = [
      [1, hidden],
      [1, mapped(7_001)],
      [1, mapped(7_001)],
      [2, mapped(7_002)],
    ];
    assert.equal(sense(same).kind(1_000), 'cone', 'another attempt is another socket');
    assert.equal(
      sense([
        [1, mapped(7_001)],
        [1, mapped(7_002, 9)],
      ]).kind(1_000),
      'cone',
      'as is another network',
    );
  });

  it('says symmetric when two STUN servers see one socket at two ports', () => {
    assert.equal(
      sense([
        [1, mapped(7_001)],
        [1, mapped(7_002)],
      ]).kind(1_000),
      'symmetric',
    );
  });

  it('says open for a public address of its own, and for no private one', () => {
    const host = (address: string) => sense([[1, `candidate:1 1 udp 1 ${address} 9 typ host`]], false).kind(60_000);
    for (const address of ['203.0.113.9', '2001:db8::1', '100.128.0.1', '172.32.0.1']) {
      assert.equal(host(address), 'open', address);
    }
    const closed = [
      '10.1.2.3',
      '192.168.0.2',
      '172.16.0.1',
      '100.64.0.1',
      '127.0.0.1',
      '169.254.1.1',
      'fe80::1',
      'fd00::1',
    ];
    for (const address of [...closed, 'a.local', '']) assert.equal(host(address), 'unknown', address);
  });

  it('says blocked when STUN servers stay silent and no peer was ever reached', () => {
    assert.equal(sense([[1, hidden]]).kind(10_999), 'unknown', 'an answer may come yet');
    assert.equal(sense([[1, hidden]]).kind(11_000), 'blocked');
    assert.equal(sense([[1, hidden]], false).kind(60_000), 'unknown', 'nobody was asked');
    const met = sense([[1, hidden]]);
    met.hasPeer = true;
    assert.equal(met.kind(60_000), 'unknown');
  });

  it('takes no notice of TCP, nor of what is no candidate', () => {
    const nat = sense([[1, 'candidate:1 1 tcp 1 203.0.113.9 9 typ host tcptype active']], false);
    for (const text of ['', '{}', 'null', '{"candidate":""}', '{"candidate":17}']) nat.candidate(2, text, 1_000);
    assert.equal(nat.kind(60_000), 'unknown');
  });
});
