// Many light viewers of an HTTP-FLV stream in one process, for the relay bench: HTTP/1.1, as browsers ask. Argument: URL, number.

import { Agent, get } from 'node:http';
import process from 'node:process';
import { readMark } from './synthetic-flv.ts';
import { DeliveryMeter, now, obey } from './viewer-figures.ts';

const [url = '', viewers = '0'] = process.argv.slice(2);
const meter = new DeliveryMeter(Number(viewers));
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

/** Length of the file header with the first PreviousTagSize, of a tag's header, and of its size after it (FLV 10.1, E.2–E.4.1). */
const FILE_HEADER = 13;
const TAG_HEADER = 11;
const TAG_TRAILER = 4;

function view(): Promise<void> {
  return new Promise((resolve, reject) => {
    const startedAt = now();
    let held = Buffer.alloc(0);
    let skip = FILE_HEADER;
    const take = (data: Buffer) => {
      held = Buffer.concat([held, data]);
      if (held.length < skip) return;
      let at = skip;
      skip = 0;
      while (held.length - at >= TAG_HEADER) {
        const size = TAG_HEADER + held.readUIntBE(at + 1, 3) + TAG_TRAILER;
        if (held.length - at < size) break;
        const mark = readMark(held.subarray(at + TAG_HEADER, at + size - TAG_TRAILER));
        at += size;
        meter.addBytes(size);
        if (!mark) continue;
        meter.add(mark.number, mark.sentAt);
        if (mark.sentAt > startedAt) resolve(); // it is through the cached group
      }
      held = held.subarray(at);
    };
    get(url, { agent }, response => {
      response.on('data', take);
      response.on('close', () => reject(new Error('the server ended the stream')));
    }).on('error', reject);
  });
}

await obey(meter, Number(viewers), view);
