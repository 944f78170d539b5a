// Every word that the element shows or speaks, in one place, so that it can be translated.

/** The words of an element, as a translation has them too. */
export type Strings = typeof strings;

/** The element's words. A translation replaces entries of `strings` before the first element appears. */
export const strings = {
  /** How numbers and times are written (BCP 47). */
  locale: 'en',
  player: (name: string) => (name ? `Live video: ${name}` : 'Live video'),
  recorded: 'Recorded video',
  play: 'Play',
  pause: 'Pause',
  stop: 'Stop',
  mute: 'Mute',
  unmute: 'Unmute',
  volume: 'Volume',
  captions: 'Captions',
  fullscreen: 'Full screen',
  exitFullscreen: 'Exit full screen',
  pip: 'Picture in picture',
  exitPip: 'Exit picture in picture',
  rewind: 'Rewind',
  position: 'Position',
  live: 'Live',
  atEdge: 'Playing live',
  goLive: 'Go to live',
  /** `span`: a time in words, as `42 seconds`. */
  behind: (span: string) => `${span} behind live`,
  statistics: 'Statistics',
  noStatistics: 'The statistics can’t be loaded.',
  latency: 'Latency',
  buffer: 'Buffer',
  received: 'Received',
  fromViewers: 'From viewers',
  fromRelay: 'From the relay',
  neighbours: 'Neighbours',
  passedOn: 'Passed on',
  tapToUnmute: 'Tap to unmute',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  noAnswer: 'The relay does not answer. Trying again…',
  buffering: 'Buffering…',
  waitingTitle: (name: string) => `${name} is not on air yet`,
  waitingDetail: 'It starts by itself.',
  interruptedTitle: (name: string) => `${name} is off air for the moment`,
  interruptedDetail: 'It goes on by itself as soon as it is back.',
  endedTitle: 'The broadcast has ended',
  endedDetail: 'If it goes on air again, it starts by itself.',
  retry: 'Try again',
  failed: 'This stream can’t be played',
  missingName: 'The name attribute is missing: it says which channel to play.',
  badRelay: (relay: string) => `“${relay}” is not the address of a relay: it should look like https://relay.example.`,
  /** Titles of the failures that have one of their own; others are told as `failed`. */
  failures: {
    'bad-name': 'No channel has such a name',
    'bad-relay': 'The relay’s address is wrong',
    'bad-version': 'The relay speaks another version',
    'not-allowed': 'You may not watch this channel',
    'no-recording': 'There is no such recording',
    'unsupported-codec': 'This browser can’t decode the stream',
    'no-media-source': 'This browser can’t play live streams',
    'playback-failed': 'The browser gave up on the stream',
  } as Readonly<Record<string, string>>, // widened: looked up by whatever code the player gives
};
