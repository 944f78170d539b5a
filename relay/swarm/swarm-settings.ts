// What an operator says about the swarm of a relay's channels.

import type { StripeSetting } from './stripe-count.ts';

export interface SwarmSettings {
  readonly enabled: boolean;
  readonly stripes: StripeSetting;
  /** Below this number of viewers the relay feeds all of them itself. */
  readonly minViewers: number;
  /** `relay`: viewers connect through TURN servers only, so that nobody learns another's address. */
  readonly iceTransportPolicy: 'all' | 'relay';
}
