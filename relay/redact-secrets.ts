// Takes secrets out of a text that may quote what others said: the last net below the log.

const NETS: readonly (readonly [RegExp, string])[] = [
  // A signed JSON Web Token; its head begins with `{"`.
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]{16,}/g, '(token)'],
  // The user's part of a URL.
  [/([a-z][a-z\d+.-]*:\/\/)[^\s/?#@"\\]+@/gi, '$1(credentials)@'],
  // What URLs carry behind the question mark.
  [/([?&](?:key|token|access_token|secret|password|pass|auth|signature|sig)=)[^\s&#"\\]+/gi, '$1(secret)'],
  [/\b(Bearer +|Basic +)[\w.~+/=-]{8,}/gi, '$1(secret)'],
];

/** The text without what looks like a token, credentials in a URL, or an authorization. */
export function redactSecrets(text: string): string {
  return NETS.reduce((left, [net, instead]) => left.replace(net, instead), text);
}
