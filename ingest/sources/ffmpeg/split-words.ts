// Splits a line into words as a shell does: for ffmpeg's own options, which come as one text.

/** The words; quotes and backslashes as in a POSIX shell, without expansions. Throws `TypeError` on an open quote. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!; // within the line
    if (sign === quote) quote = '';
    else if (sign === '\\' && quote !== "'" && at + 1 < line.length) word = (word ?? '') + line[++at];
    else if (quote) word += sign;
    else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  if (quote) throw new TypeError(`a ${quote} is never closed in: ${line}`);
  if (word !== undefined) words.push(word);
  return words;
}
