// Tells pages of the relay itself from those of others.

/** An `Origin` header, unless it names the relay itself, which its client reached as `host` (with the port). */
export function foreignOrigin(origin: string | null | undefined, host: string | null | undefined): string | undefined {
  if (!origin) return undefined;
  const isOwn = origin.replace(/^https?:\/\//i, '').toLowerCase() === host?.toLowerCase();
  return isOwn ? undefined : origin;
}
