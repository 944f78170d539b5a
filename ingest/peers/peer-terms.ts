// On which terms viewers may be connected with: what the relay says of it in the channel document.

/** A STUN or TURN server. */
export interface IceServer {
  readonly urls: string | string[];
  readonly username?: string;
  readonly credential?: string;
}

/** What the relay lets peers do. */
export interface PeerTerms {
  /** Whether viewers may be connected with at all. */
  readonly enabled: boolean;
  readonly iceServers: readonly IceServer[];
  /** `relay`: by way of TURN servers only. */
  readonly iceTransportPolicy: 'all' | 'relay';
}

/** As long as nobody has said otherwise. */
export const DEFAULT_TERMS: PeerTerms = { enabled: true, iceServers: [], iceTransportPolicy: 'all' };

/** Reads a parsed channel document leniently: what can't be used is left out. */
export function readPeerTerms(document: unknown): PeerTerms {
  const swarm = field(document, 'swarm');
  const servers = field(document, 'iceServers');
  return {
    enabled: swarm !== undefined && field(swarm, 'enabled') !== false,
    iceServers: Array.isArray(servers) ? servers.flatMap(readIceServer) : [],
    iceTransportPolicy: field(swarm, 'iceTransportPolicy') === 'relay' ? 'relay' : 'all',
  };
}

/** Whether anybody can be reached on these terms: without a TURN server nobody can be reached by way of one. */
export function isUsable({ enabled, iceServers, iceTransportPolicy }: PeerTerms): boolean {
  const hasTurn = iceServers.some(({ urls }) => [urls].flat().some(url => /^turns?:/i.test(url)));
  return enabled && (iceTransportPolicy === 'all' || hasTurn);
}

function readIceServer(server: unknown): IceServer[] {
  const urls = [field(server, 'urls')].flat().filter(url => typeof url === 'string');
  if (urls.length === 0) return [];
  const username = field(server, 'username');
  const credential = field(server, 'credential');
  return [
    { urls, ...(typeof username === 'string' && { username }), ...(typeof credential === 'string' && { credential }) },
  ];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
