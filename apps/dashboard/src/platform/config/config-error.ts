/** The configuration cannot be used, read or written; the message names the file and the key, or the variable. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
}

/** A value that its key cannot have. `key` is the path of the key (`https.listen_port`), `rule` what it has to be. */
export class KeyError extends ConfigError {
  override readonly name = "KeyError";
  readonly key: string;
  readonly rule: string;

  constructor(key: string, rule: string) {
    super(`${key} ${rule}`);
    this.key = key;
    this.rule = rule;
  }
}
