// The link contract in memory.

import { memoryLinkPair } from '../../core/links/memory-link.ts';
import { describeLinks } from './describe-links.ts';

for (const lanes of [0, 4]) {
  describeLinks(`memory, ${lanes} lanes`, async () => {
    const [client, server] = memoryLinkPair({ lanes });
    return { client, server, end: async () => client.close(0, '') };
  });
}
