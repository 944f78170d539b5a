// Many light viewers of an HTTP-FLV stream in one process, for the relay bench. Arguments: port, path, number.

import { connect } from 'node:net';
import process from 'node:process';
import { FRAME_MARK } from './synthetic-flv.ts';
import { DeliveryMeter, obey } from './viewer-figures.ts';

const [port = '0', path = '', viewers = '0'] = process.argv.slice(2);
const meter = new DeliveryMeter();

/** Tag header, and the video tag's own five bytes (FLV 10.1, E.4.1 and E.4.3). */
const TAG_HEADER = 11;

function view(viewer: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', reject);
    socket.write(`GET ${path} HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n`);
    let held = Buffer.alloc(0);
    let inBody = false;
    socket.on('data', data => {
      held = held.length > 0 ? Buffer.concat([held, data]) : data;
      if (!inBody) {
        const end = held.indexOf('\r\n\r\n');
        if (end < 0 || held.length < end + 4 + 13) return;
        held = held.subarray(end + 4 + 13); // FLV header and the first PreviousTagSize
        inBody = true;
      }
      for (;;) {
        if (held.length < TAG_HEADER) return;
        const size = TAG_HEADER + held.readUIntBE(1, 3) + 4;
        if (held.length < size) return;
        const body = held.subarray(TAG_HEADER, size - 4);
        if (held[0] === 9 && body.length > 25 && body.readUInt32BE(9) === FRAME_MARK) {
          meter.add(viewer, body.readUInt32BE(13), body.readDoubleBE(17), size);
          resolve();
        }
        held = held.subarray(size);
      }
    });
  });
}

const BATCH = 20;
for (let first = 0; first < Number(viewers); first += BATCH) {
  const size = Math.min(BATCH, Number(viewers) - first);
  await Promise.all(Array.from({ length: size }, (_, i) => view(first + i)));
}
obey(meter);
