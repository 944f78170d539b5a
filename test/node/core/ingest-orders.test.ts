import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeLine, type IngestOrder, type IngestReport, readOrder, readReport } from '../../../core/ingest-orders.ts';

const ORDERS: IngestOrder[] = [
  { type: 'keys', keys: ['a', 'b'], channels: [{ name: 'c/*', keys: ['d'] }] },
  { type: 'pull', id: 1, channel: 'a', source: 'http://a/b.flv', loop: false, key: 'k' },
  { type: 'drop', id: 1, unpublish: true },
];
const REPORTS: IngestReport[] = [
  { type: 'listening', addresses: ['rtmp://a/live'] },
  { type: 'broken', id: 1, reason: 'it ended' },
  { type: 'over', id: 1, finished: true, reason: 'the end' },
];

test('what is said comes out as it went in, one line each', () => {
  for (const order of ORDERS) {
    const line = encodeLine(order);
    assert.match(line, /^[^\n]+\n$/);
    assert.deepEqual(readOrder(line), order);
    assert.equal(readReport(line), undefined);
  }
  for (const report of REPORTS) {
    assert.deepEqual(readReport(encodeLine(report)), report);
    assert.equal(readOrder(encodeLine(report)), undefined);
  }
});

test('a line that lacks anything, or is cut, is none', () => {
  for (const said of [...ORDERS, ...REPORTS]) {
    const line = encodeLine(said).trimEnd();
    for (let end = 0; end < line.length; end++) {
      assert.equal(readOrder(line.slice(0, end)), undefined);
      assert.equal(readReport(line.slice(0, end)), undefined);
    }
    for (const name of Object.keys(said)) {
      const less = JSON.stringify({ ...said, [name]: undefined });
      assert.equal(readOrder(less), undefined, less);
      assert.equal(readReport(less), undefined, less);
    }
  }
  for (const line of ['', 'null', '[]', '"pull"', '{"type":"pull"}', '{"type":"dance","id":1}']) {
    assert.equal(readOrder(line), undefined, line);
  }
});
