/** The configuration cannot be used, read or written; the message names the file and the key. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
