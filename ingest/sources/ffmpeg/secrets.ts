// Keeps passwords, keys and tokens of addresses and options out of what is logged.

/** Options of ffmpeg whose value is nobody's business. */
const SECRET_OPTION = /pass|key|auth|token|secret|cookie|header|user/i;
/** Shorter ones would blot out half of the text, and keep nothing secret. */
const LEAST = 4;

/** An address for people: without user, password and query, where tokens hide. Whatever else is named stays as it is. */
export function publicAddress(address: string): string {
  if (!address.includes('://')) return address;
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/i, '$1').replace(/[?#\s].*$/s, '?…');
}

/** What must not be read in anything that these arguments cause to be said: longest first. */
export function secretsOf(args: readonly string[]): string[] {
  const secrets = new Set<string>();
  for (const [at, arg] of args.entries()) {
    if (arg.includes('://')) for (const piece of inAddress(arg)) secrets.add(piece);
    else if (at > 0 && SECRET_OPTION.test(args[at - 1]!) && args[at - 1]!.startsWith('-')) secrets.add(arg.trim());
  }
  return [...secrets].filter(piece => piece.length >= LEAST).sort((a, b) => b.length - a.length);
}

/** The text without the secrets, and with every address in it as `publicAddress` gives it. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi, found => {
    const address = found.replace(/[.,:;)]+$/, '');
    return publicAddress(address) + found.slice(address.length);
  });
  for (const secret of secrets) clean = clean.replaceAll(secret, '…');
  return clean;
}

function inAddress(address: string): string[] {
  const [, rest = ''] = address.split(/:\/\/(.*)/s);
  const user = /^[^/?#\s]*@/.exec(rest)?.[0].slice(0, -1) ?? '';
  const query = /[?#\s].*/s.exec(rest)?.[0].slice(1) ?? '';
  const values = query.split(/[&\s]/).map(pair => pair.slice(pair.indexOf('=') + 1));
  // A user's name is no secret where a password stands beside it.
  const password = user.includes(':') ? user.slice(user.indexOf(':') + 1) : user;
  return [
    password,
    ...values.filter(value => !/^[\d.]*$|^(live|listener|caller|rendezvous|tcp|udp)$/.test(value)),
  ].flatMap(piece => [piece, decoded(piece)]);
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
