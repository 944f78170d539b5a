// Reads what an encoder asks for: channel and key, however it split the address into application and stream name.

import { channelNameFault } from '../../core/channel-name.ts';

/** What the address of a stream says. */
export interface StreamAddress {
  readonly channel: string;
  /** Empty when none was given. */
  readonly key: string;
}

/**
 * The address in an RTMP application and stream name, or one sentence on what is wrong with it. ffmpeg takes the first two segments of a path for the application
 * (`live/room`, `alice?key=…`) and cuts keys at their slashes; OBS sends the server's path and the stream key as they were typed.
 */
export function readStreamAddress(application: string, app: string, streamName: string): StreamAddress | string {
  const [place = '', ...appQuery] = app.split('?');
  const [name = '', ...nameQuery] = streamName.split('?');
  // Of `live/lecture?key=a/b` ffmpeg makes `live/lecture?key=a` and `b`: the second is no name.
  const cutKey = appQuery.length > 0 && nameQuery.length === 0 && trimmed(place) !== application;
  const path = cutKey ? trimmed(place) : `${trimmed(place)}/${trimmed(name)}`;
  const query = cutKey ? `${appQuery.join('?')}/${streamName}` : nameQuery.join('?') || appQuery.join('?');
  const expected = `the address is rtmp://host/${application}/<channel>?key=<key>`;
  if (path !== application && !path.startsWith(`${application}/`)) return expected;
  const channel = path.slice(application.length + 1);
  if (channel === '') return `the address names no channel: ${expected}`;
  const fault = channelNameFault(channel);
  return fault ? `${fault}; ${expected}` : { channel, key: parameter(query, 'key') };
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

// Unlike in forms a plus stays one: keys are pasted as they are.
function parameter(query: string, name: string): string {
  for (const part of query.split('&')) {
    if (!part.startsWith(`${name}=`)) continue;
    const text = part.slice(name.length + 1);
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // a percent sign that stands for itself
    }
  }
  return '';
}
