// The link contract over data channels, made up: the browser tests run real ones.

import { dataChannelLink } from '../../core/links/data-channel-link.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { describeLinks } from './describe-links.ts';

describeLinks('data channels', async () => {
  const control = FakeChannel.pair();
  const chunks = FakeChannel.pair();
  const [client, server] = ([0, 1] as const).map(side =>
    dataChannelLink({ control: control[side], chunks: chunks[side] }, { wait: () => new Promise(() => {}) }),
  ) as [ReturnType<typeof dataChannelLink>, ReturnType<typeof dataChannelLink>]; // two in, two out
  await Promise.all([client.opened, server.opened]);
  return {
    client,
    server,
    maxMessage: 16_256,
    cut: () => control[0].close(),
    end: async () => client.close(0, ''),
  };
});
