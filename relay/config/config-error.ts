// What is thrown where a configuration is wrong.

/** The configuration, or the file it came from, is wrong; `message` is one sentence for people, `mistakes` has one for each of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];

  constructor(message: string, mistakes: readonly string[] = [message]) {
    super(message);
    this.mistakes = mistakes;
  }

  /** All mistakes of one source in one. */
  static of(source: string, mistakes: readonly string[]): ConfigError {
    return new ConfigError(
      `${source}: ${mistakes.join('; ')}`,
      mistakes.map(mistake => `${source}: ${mistake}`),
    );
  }
}
