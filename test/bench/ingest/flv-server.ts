// A process that serves the made-up FLV stream over HTTP to whoever asks, live. Arguments: port, bytes a second of each stream.

import { createServer, type ServerResponse } from 'node:http';
import process from 'node:process';
import { FRAMES_PER_GROUP, FRAMES_PER_SECOND, flvFrame, flvStart } from '../synthetic-flv.ts';

const [port, bytesPerSecond] = process.argv.slice(2).map(Number);
/** Who plays from which frame on: the next keyframe after they asked. */
const players = new Map<ServerResponse, number>();
const startedAt = performance.now();
let frame = 0;

setInterval(() => {
  const due = ((performance.now() - startedAt) * FRAMES_PER_SECOND) / 1_000;
  for (; frame < due; frame++) {
    const tags = flvFrame(frame, bytesPerSecond!, 0); // given
    for (const [player, from] of players) if (frame >= from) for (const tag of tags) player.write(tag);
  }
}, 5);

createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'video/x-flv' });
  response.write(flvStart());
  players.set(response, Math.ceil((frame + 1) / FRAMES_PER_GROUP) * FRAMES_PER_GROUP);
  response.on('close', () => players.delete(response));
}).listen(port, '127.0.0.1', () => console.log('serving'));
