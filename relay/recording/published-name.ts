// Which channels can be published at all.

import { channelNameFault } from '../../core/channel-name.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';

/** Says why nobody can publish a channel of this name, or nothing. */
export function publishedNameFault(name: string): string | undefined {
  const isKept = isRecordingSwarm(name);
  return channelNameFault(name) ?? (isKept ? 'channels below recordings/ are for viewers of recordings' : undefined);
}
