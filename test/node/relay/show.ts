// A channel on a relay that something has been shown on.

import type { Relay } from '../../../relay/relay.ts';
import { until } from '../../support/until.ts';
import { publisher, signerOf, type TestPublisher, viewer } from './fixtures.ts';

let channels = 0;

/** A channel of its own with a group of 8 chunks. */
export async function show(
  on: Relay,
): Promise<{ channel: string; source: TestPublisher; first: number; edge: number }> {
  const channel = `swarm/${++channels}`;
  const source = await publisher(on, channel, await signerOf(1));
  const first = source.next;
  const edge = await source.group(8);
  const witness = viewer(on, channel);
  await witness.getsChunk(edge);
  witness.link.close(0, 'the relay has them');
  await until(() => on.stats().channels[channel]?.viewers === 0, 'the witness is gone');
  return { channel, source, first, edge };
}
