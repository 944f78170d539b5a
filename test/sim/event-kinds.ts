// What can happen in the simulation. `target` is a viewer's index, or the relay.

/** A chunk reaches a viewer. a: its index in the stream, b: hops; ref: the sender's link, undefined for the relay. */
export const CHUNK = 0;
/** A chunk has waited for the viewer's downlink, and is there. The same fields. */
export const CHUNK_THERE = 1;
/** A viewer's scheduler asked to be woken. */
export const WAKE = 2;
/** `have` reaches a viewer. a: base; ref: `HaveMail`. */
export const HAVE = 3;
/** Another control message between viewers. ref: `PeerMail`. */
export const PEER_MAIL = 4;
/** A control message reaches the relay. a: session; ref: `RelayMail`. */
export const RELAY_MAIL = 5;
/** A control message from the relay. a: session; ref: `ViewerMail`. */
export const VIEWER_MAIL = 6;
/** a: index of the newest chunk, b: session. */
export const BEACON = 7;
/** A connection stands (b: 0) or an attempt has failed (b: 1), seen by one side. ref: its link. */
export const LINK_READY = 8;
/** The other side has ended a connection, or is gone without a word. ref: the link of the one who sees it. */
export const LINK_LOST = 9;
/** A link has room again. ref: the sender's link. */
export const LINK_DRAINED = 10;
/** An offer has reached the relay. ref: the offerer's link. */
export const OFFER = 11;
/** The relay gets a chunk from the source. a: its index. */
export const RELAY_CHUNK = 12;
export const RELAY_WAKE = 13;
export const RELAY_BEACONS = 14;
export const RELAY_STOPS = 15;
export const RELAY_STARTS = 16;
/** The relay notices that a viewer is gone. a: session. */
export const RELAY_MISSES = 17;
/** A viewer comes; connects with the relay; sees that link break (a: session); joins the swarm; reports; leaves (a: 1 without goodbye). */
export const ARRIVE = 18;
export const CONNECT = 19;
export const RELAY_LINK_UP = 20;
export const RELAY_LINK_DOWN = 21;
export const JOIN_SWARM = 22;
export const REPORT = 23;
export const LEAVE = 24;
/** a: which second is over. */
export const SECOND = 25;
/** The source has a chunk, and is a peer. a: its index. */
export const SOURCE_CHUNK = 27;
/** Part of the viewers leave at once. */
export const EXODUS = 26;
