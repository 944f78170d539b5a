// The link contract over WebSocket on Node: the relay's own server, the ws package as client.

import { WebSocket } from 'ws';
import type { Link } from '../../core/link.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { createLog } from '../../relay/log.ts';
import { nodeRuntime } from '../../relay/runtime/node.ts';
import { tcpProxy } from './cuttable-proxy.ts';
import { describeLinks } from './describe-links.ts';

describeLinks('WebSocket on Node (ws)', async () => {
  let take: (link: Link) => void;
  const accepted = new Promise<Link>(resolve => (take = resolve));
  const http = await nodeRuntime.listenHttp({
    host: '127.0.0.1',
    port: 0,
    fetch: () => new Response('not here', { status: 404 }),
    linkPath: '/p2p-live',
    onLink: link => take(link),
    log: createLog('silent'),
  });
  const proxy = await tcpProxy(http.port);
  const client = webSocketLink(new WebSocket(`ws://127.0.0.1:${proxy.port}/p2p-live`));
  const server = await accepted;
  return {
    client,
    server,
    cut: proxy.cut,
    async end() {
      client.close(0, '');
      proxy.close();
      await http.close();
    },
  };
});
