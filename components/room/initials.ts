// What stands for somebody who shows no picture: letters and a colour.

/** One or two letters of a name: `ada-lovelace` is AL. */
export function initials(user: string): string {
  const words = user.split(/[._~-]+/).filter(Boolean);
  const [first = user, second = ''] = words;
  return `${first.charAt(0)}${second.charAt(0)}`.toUpperCase();
}

/** Degrees on the colour wheel, always the same for a name. */
export function hue(user: string): number {
  let sum = 0;
  for (const letter of user) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360_000;
  return (sum * 137) % 360;
}
