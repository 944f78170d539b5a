// Reads an ICE server as it is given on a command line.

import { ConfigError, type RelayConfig } from './config.ts';

/** `URL[,user,credential]` → an entry of `iceServers`; a credential may contain commas. Throws `ConfigError`. */
export function readIceServer(text: string): RelayConfig['iceServers'][number] {
  const [, urls = '', username, credential] = /^([^,]*)(?:,([^,]*),(.*))?$/.exec(text) ?? [];
  const [, scheme] = /^(stun|turn)s?:[^/\s]+$/.exec(urls) ?? [];
  if (scheme === undefined) {
    throw new ConfigError(`--ice ${urls || text}: stun:HOST[:PORT] or turn:HOST[:PORT],USER,CREDENTIAL is expected`);
  }
  if (scheme === 'turn' && !(username && credential)) {
    throw new ConfigError(`--ice ${urls}: a TURN server needs a user and a credential: ${urls},USER,CREDENTIAL`);
  }
  return { urls, ...(username && credential && { username, credential }) };
}
