// Every word that <p2p-publish> shows or speaks, in one place, so that it can be translated.

import { Vocabulary } from '../vocabulary.ts';

/** The words of <p2p-publish>, as a translation has them too. */
export type PublishStrings = typeof publishStrings;

/** The words of <p2p-publish>. A translation replaces entries before the first element appears. */
export const publishStrings = {
  /** How numbers and times are written (BCP 47). */
  locale: 'en',
  broadcast: (channel: string) => (channel ? `Your broadcast: ${channel}` : 'Your broadcast'),
  offer: 'What would you like to show?',
  offerDetail: 'Nobody sees anything before you go live.',
  camera: 'Camera',
  screen: 'Screen',
  soundOnly: 'Sound only',
  microphone: 'Microphone',
  asking: 'Your browser asks you for permission…',
  askingScreen: 'Choose what to share…',
  cancel: 'Cancel',
  preview: 'Only you see this',
  goLive: 'Go live',
  turnOff: 'Turn everything off',
  end: 'End broadcast',
  onAir: 'On air',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  mute: 'Mute',
  unmute: 'Unmute',
  muted: 'Muted',
  cameraOff: 'Turn the camera off',
  cameraOn: 'Turn the camera on',
  hidePicture: 'Hide the picture',
  showPicture: 'Show the picture',
  pictureOff: 'Viewers see no picture',
  shareScreen: 'Share the screen',
  shareCamera: 'Back to the camera',
  level: 'Sound level',
  settings: 'Settings',
  close: 'Close',
  source: 'Source',
  noMicrophone: 'None',
  quality: 'Picture',
  lines: (height: number) => `${height}p`,
  bitrate: 'Bitrate at most',
  automatic: (rate: string) => `Automatic (${rate})`,
  /** While on air. */
  later: 'Applies to your next broadcast.',
  slowUplink: 'Your connection is slow: the picture is simpler.',
  endedTitle: 'You are off the air',
  endedDetail: (time: string) => `You were live for ${time}.`,
  again: 'Start again',
  retry: 'Try again',
  dismiss: 'Dismiss',
  shareAgain: 'Share again',
  choose: 'Choose another',
  warnings: {
    'no-camera': 'No camera can be used: only your sound is sent.',
    'no-microphone': 'No microphone can be used: your picture goes without your voice.',
    'camera-lost': 'The camera was unplugged: only your sound is sent.',
    'microphone-lost': 'The microphone was unplugged: your picture goes on without your voice.',
    'screen-ended': 'You no longer share your screen: only your sound is sent.',
  },
  failed: 'The broadcast failed',
  badRelay: (relay: string) => `“${relay}” is not the address of a relay: it should look like https://relay.example.`,
  /** Titles of the failures that have one of their own; others are told as `failed`. */
  failures: {
    denied: 'The browser doesn’t give access',
    'no-device': 'Nothing to broadcast with',
    busy: 'The device is in use',
    'device-lost': 'The device is gone',
    insecure: 'This page isn’t secure',
    'no-screen': 'No screens here',
    'bad-relay': 'The relay’s address is wrong',
    'bad-name': 'No channel can have such a name',
    'no-channel': 'No channel is named',
    'no-token': 'You can’t broadcast here yet',
    'not-allowed': 'You may not broadcast here',
    taken: 'Somebody else is on air',
    replaced: 'You are on air elsewhere',
    'bad-version': 'The relay speaks another version',
    unsupported: 'This browser can’t broadcast',
    engine: 'The broadcast can’t be started',
  } as Readonly<Record<string, string>>, // widened: looked up by whatever code there is
  /** What to do about them, where the page itself knows. */
  advice: {
    denied: 'Allow camera and microphone for this page, usually at the left of the address bar, and try again.',
    'no-device': 'Plug in a camera or a microphone, and try again.',
    busy: 'Another program uses the camera or the microphone. Close it there, and try again.',
    'device-lost': 'It was unplugged, and nothing else was left to send.',
    insecure: 'Browsers lend cameras and microphones to pages at https:// addresses only.',
    'no-screen': 'This browser can’t share screens. The camera works.',
    'no-channel': 'The channel attribute is missing: it says where to broadcast.',
    'no-token': 'The page could not get a permit from its server. Try again in a moment.',
    taken: 'Somebody else broadcasts on this channel. Try again when they have stopped.',
    replaced: 'This channel is broadcast from another window of yours.',
  } as Readonly<Record<string, string>>, // as above
};

/** In all languages that come with the package. */
export const publishVocabulary = new Vocabulary<PublishStrings>(publishStrings, {
  ar: () => import('../locales/publish-ar.ts'),
  de: () => import('../locales/publish-de.ts'),
});
