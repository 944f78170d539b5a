// Every word of <p2p-stats>, in one place, so that it can be translated.

/** The words of <p2p-stats>. A translation replaces entries before the first element appears. */
export const statsStrings = {
  board: 'Where the stream comes from',
  you: 'You',
  relay: 'Relay',
  milliseconds: (value: number) => `${Math.round(value)} ms`,
  unknown: '–',
  percent: (share: number) => `${Math.round(share * 100)}`,
  percentSign: '%',
  fromViewers: 'from other viewers',
  /** One line about how it stands, by state. */
  says: {
    missing: (id: string) => (id ? `There is no player “${id}” on this page.` : 'No player is named to look at.'),
    idle: 'Nothing plays at the moment.',
    off: 'Sharing is off here: everything comes from the relay.',
    private: 'Privacy is on: no viewer learns your address, and everything comes from the relay.',
    alone: 'No neighbours yet. As soon as others watch, you carry the stream for each other.',
    meeting: 'Meeting the neighbours…',
    joined: (gives: number, takes: number) =>
      gives
        ? `${viewers(gives)} ${gives === 1 ? 'gives' : 'give'} to you${takes ? `, you give to ${takes}` : ''}`
        : takes
          ? `You give to ${viewers(takes)}`
          : 'Connected with other viewers',
  },
  spoken: {
    share: (percent: string) => `${percent} percent of the stream comes from other viewers.`,
    neighbours: (count: number, gives: number, takes: number) =>
      `${count === 1 ? 'One neighbour' : `${count} neighbours`}: ${gives} ${gives === 1 ? 'gives' : 'give'}, ${takes} ${takes === 1 ? 'takes' : 'take'}.`,
    relay: (own: number, all: number) =>
      own === 0 ? 'The relay pushes nothing.' : `The relay pushes ${own} of ${all} stripes.`,
    chart: (inRate: string, outRate: string) =>
      `The last minute, a bar a second. Now ${inRate} come in and ${outRate} go out.`,
  },
  pushed: 'Pushed by viewers',
  pulled: 'Asked from viewers',
  relayed: 'From the relay',
  uploaded: 'Passed on by you',
  minuteAgo: '1 min ago',
  now: 'now',
  hops: 'Hops',
  stripes: 'Viewers’ stripes',
  of: (part: number, all: number) => `${part} of ${all}`,
  late: 'Relay rescues',
  refused: 'Twice · refused',
  uplink: 'Uplink',
  overall: 'Since the start',
  neighbours: (count: number) =>
    count === 0 ? 'No neighbours yet' : count === 1 ? '1 neighbour' : `${count} neighbours`,
  name: 'Name',
  time: 'Round trip',
  gives: 'Gives',
  takes: 'Takes',
  connecting: 'connecting',
  spare: 'spare',
};

const viewers = (count: number) => (count === 1 ? '1 viewer' : `${count} viewers`);
