// The channel that a path names.

import { channelNameFault } from '../../core/channel-name.ts';

/** What stands behind `prefix` in the request's URL, or why that is no channel's name. */
export function requestedChannel(url: string, prefix: string): { readonly name: string } | { readonly fault: string } {
  let name: string;
  try {
    // The raw path is decoded here, so that %2e%2e is seen for what it is.
    name = decodeURIComponent(new URL(url).pathname.slice(prefix.length));
  } catch {
    return { fault: 'a channel name is percent-encoded UTF-8' };
  }
  const fault = channelNameFault(name);
  return fault ? { fault } : { name };
}
