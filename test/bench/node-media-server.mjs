// node-media-server with HTTP-FLV alone, for the relay bench. Arguments: port, folder for its state.

import process from 'node:process';
import NodeMediaServer from 'node-media-server';

const [port, folder] = process.argv.slice(2);
const config = {
  bind: '127.0.0.1',
  http: { port: Number(port) },
  auth: {},
  notify: {},
  webadmin: { enable: false },
  record: { auto: false, path: folder },
  store: { path: folder },
};
new NodeMediaServer(config).run();
