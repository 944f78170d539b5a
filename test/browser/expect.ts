// What the browser tests check with: enough to fail with a clear sentence.

/** Throws when the two are not the same value. */
export function expectEqual<T>(actual: T, expected: T, what = 'value'): void {
  if (!Object.is(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Throws when the two print differently as JSON. */
export function expectSame(actual: unknown, expected: unknown, what = 'value'): void {
  if (show(actual) !== show(expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Throws when `condition` does not hold. */
export function expectThat(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`expected that ${what}`);
}

/** Resolves as soon as `condition` holds; throws after `timeoutMs`. */
export async function until(condition: () => unknown, what: string, timeoutMs = 5_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** Resolves with the next event of that type. */
export function nextEvent(target: EventTarget, type: string): Promise<Event> {
  return new Promise(resolve => target.addEventListener(type, resolve, { once: true }));
}

function show(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
