// The link contract over @fails-components/webtransport on Node: HTTP/3 where its quiche addon is installed, else its HTTP/2 mode.

import { after } from 'node:test';
import { fromBase64Url } from '../../core/bytes.ts';
import { acceptWebTransportLink, connectWebTransportLink } from '../../core/links/web-transport-link.ts';
import { makeCertificate } from '../../relay/certificate.ts';
import { type CuttableProxy, tcpProxy, udpProxy } from './cuttable-proxy.ts';
import { describeLinks } from './describe-links.ts';
import { HELLO } from './link-contract.ts';

const hasQuiche = await import('@fails-components/webtransport-transport-http3-quiche').then(
  () => true,
  () => false,
);
const { Http2Server, Http3Server, WebTransport } = await quietly(() => import('@fails-components/webtransport'));
if (!hasQuiche)
  console.log('# the quiche addon is missing: @fails-components/webtransport is tested in its HTTP/2 mode');

/** The HTTP/2 mode stalls once a stream has carried its first window, 16 KiB by default: it is given one that the cases fit in. */
const WINDOWS = { initialStreamFlowControlWindow: 6 * 1024 * 1024, initialSessionFlowControlWindow: 15 * 1024 * 1024 };

describeLinks(`@fails-components/webtransport on Node, ${hasQuiche ? 'HTTP/3' : 'HTTP/2 mode'}`, async () => {
  const certificate = await makeCertificate(Date.now());
  const Server = hasQuiche ? Http3Server : Http2Server;
  const listener = new Server({
    host: '127.0.0.1',
    port: 0,
    secret: 'a secret of the test',
    cert: certificate.certPem,
    privKey: certificate.keyPem,
    ...WINDOWS,
  });
  listener.startServer();
  await listener.ready;
  const sessions = listener.sessionStream('/p2p-live').getReader();
  const port = listener.address()?.port ?? 0;
  const proxy: CuttableProxy = await (hasQuiche ? udpProxy(port) : tcpProxy(port));
  const session = new WebTransport(`https://127.0.0.1:${proxy.port}/p2p-live`, {
    serverCertificateHashes: [{ algorithm: 'sha-256', value: fromBase64Url(certificate.hash ?? '') }],
    ...(!hasQuiche && { forceReliable: true }),
    ...WINDOWS,
  });
  const accepting = sessions.read().then(({ value }) => acceptWebTransportLink(value!)); // the first session is ours
  const client = await connectWebTransportLink(session);
  client.send(HELLO);
  const server = await accepting;
  return {
    client,
    server,
    cut: proxy.cut,
    ...(!hasQuiche && { maxBytes: 4_000_000 }),
    async end() {
      client.close(0, '');
      await client.closed;
      listener.stopServer();
      proxy.close();
    },
  };
});

// A stopped server of the package keeps the process alive.
after(() => void setTimeout(() => process.exit(), 300).unref());

/** Without its addon the package complains to the console at import; that is said above in one line. */
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const { error, log } = console;
  console.error = console.log = () => {};
  try {
    const loaded = await load();
    await new Promise(resolve => setTimeout(resolve, 200)); // the complaint comes when its own import has failed
    return loaded;
  } finally {
    console.error = error;
    console.log = log;
  }
}
