// The relay attribute -> an address.

/** The absolute HTTP address that `relay` means on this page; without one, the page's own origin. Undefined when it is no such address. */
export function relayUrl(relay: string): string | undefined {
  if (!URL.canParse(relay || '/', document.baseURI)) return undefined;
  const url = new URL(relay || '/', document.baseURI);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href.replace(/\/+$/, '') : undefined;
}
