// Every word that <p2p-room> shows or speaks, in one place, so that it can be translated.

/** The words of a room, as a translation has them too. */
export type RoomStrings = typeof roomStrings;

/** The element's words. */
export const roomStrings = {
  /** How numbers are written (BCP 47). */
  locale: 'en',
  room: (name: string) => (name ? `Room: ${name}` : 'Room'),
  lobbyTitle: (name: string) => (name ? `Join ${name}` : 'Join the room'),
  you: 'You',
  ownTile: (user: string) => (user ? `${user} (you)` : 'You'),
  people: 'People',
  name: 'Your name',
  nameHint: 'Letters A–Z, digits and . _ ~ -',
  badName: 'A name is made of the letters A–Z, digits and . _ ~ -, without spaces; at most 32 of them.',
  noName: 'Choose a name first.',
  missingRoom: 'The name attribute is missing: it says which room to enter.',
  badRoom: (name: string) => `“${name}” can’t be a room’s name: it is made of the letters A–Z, digits and . _ ~ -`,
  badRelay: (relay: string) => `“${relay}” is not the address of a relay: it should look like https://relay.example.`,
  join: 'Join',
  joining: 'Joining…',
  leave: 'Leave',
  leaving: 'Leaving…',
  left: 'You have left the room',
  joinAgain: 'Join again',
  back: 'Back',
  camera: 'Camera',
  microphone: 'Microphone',
  turnOn: 'Turn on camera and microphone',
  cameraOff: 'Turn camera off',
  cameraOn: 'Turn camera on',
  mute: 'Mute microphone',
  unmute: 'Unmute microphone',
  level: 'Microphone level',
  preview: 'Your picture, as in a mirror',
  faults: {
    camera: {
      denied: 'The camera is not allowed here: allow it in the browser’s address bar.',
      missing: 'No camera was found.',
      busy: 'The camera is in use by another program.',
      failed: 'The camera does not work.',
    },
    microphone: {
      denied: 'The microphone is not allowed here: allow it in the browser’s address bar.',
      missing: 'No microphone was found.',
      busy: 'The microphone is in use by another program.',
      failed: 'The microphone does not work.',
    },
  },
  listening: 'Without camera and microphone you can join, watch and listen.',
  /** States of a person’s tile. */
  muted: 'Microphone off',
  speaking: 'Speaking',
  connecting: 'Connecting…',
  trouble: 'Bad connection…',
  unplayable: 'This browser can’t play the picture.',
  onlyListens: 'Only listens',
  alone: 'Nobody else is here yet.',
  more: (count: number) => `${count} more`,
  moreLabel: 'Also here, without a picture',
  tapToHear: 'Tap to hear the others',
  reconnecting: 'Connection lost. Trying again…',
  unseen: (why: string) => `The others can’t see or hear you: ${why}`,
  joined: (user: string) => `${user} has joined`,
  gone: (user: string) => `${user} has left`,
  /** Why one may not enter, by code. */
  refusals: {
    taken: (user: string) => `Somebody in the room is called ${user} already. Choose another name.`,
    'not-allowed': () => 'You may not enter this room: the invitation is missing, wrong or has expired.',
    'bad-relay': () => 'The address of the relay is wrong.',
    'bad-version': () => 'The relay speaks another version: reload the page.',
    'too-many': () => 'The room is full.',
  } as Readonly<Record<string, (user: string) => string>>, // widened: looked up by whatever code comes
  failed: 'The room can’t be entered.',
};
