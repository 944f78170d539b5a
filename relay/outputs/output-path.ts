// What the addresses of outputs name.

import { channelNameFault } from '../../core/channel-name.ts';
import type { Container } from '../../core/init-document.ts';

export const STREAM_PATH = '/live/';
export const HLS_PATH = '/hls/';
const PLAYLIST = 'index.m3u8';

/** The address of a channel's stream and playlist, below the relay's own. */
export const streamPath = (channel: string, container: Container): string => `${STREAM_PATH}${channel}.${container}`;
export const playlistPath = (channel: string): string => `${HLS_PATH}${channel}/${PLAYLIST}`;

/** What a path asks for, or why it can't be. */
export type StreamRequest = { readonly name: string; readonly container: Container } | { readonly fault: string };
export type HlsRequest =
  | {
      readonly name: string;
      readonly file: 'playlist' | { readonly segment: number } | { readonly init: number };
    }
  | { readonly fault: string };

/** Reads the URL of a stream. */
export function readStreamPath(url: string): StreamRequest {
  const path = decoded(url, STREAM_PATH);
  const [, name, container] = /^(.*)\.(flv|ts)$/.exec(path ?? '') ?? [];
  if (name === undefined || (container !== 'flv' && container !== 'ts'))
    return { fault: `a stream's address is ${STREAM_PATH}<channel>.flv or ${STREAM_PATH}<channel>.ts` };
  const fault = channelNameFault(name);
  return fault ? { fault } : { name, container };
}

/** Reads the URL of something of HLS. */
export function readHlsPath(url: string): HlsRequest {
  const path = decoded(url, HLS_PATH);
  const [, name, file, segment, init] =
    /^(.*)\/(?:(index\.m3u8)|(\d{1,15})\.m4s|init-(\d{1,15})\.mp4)$/.exec(path ?? '') ?? [];
  if (name === undefined) return { fault: `a playlist's address is ${HLS_PATH}<channel>/${PLAYLIST}` };
  const fault = channelNameFault(name);
  if (fault) return { fault };
  if (file !== undefined) return { name, file: 'playlist' };
  return { name, file: segment === undefined ? { init: Number(init) } : { segment: Number(segment) } };
}

/** The raw path is decoded here, so that %2e%2e is seen for what it is. */
function decoded(url: string, prefix: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(prefix.length));
  } catch {
    return undefined;
  }
}
