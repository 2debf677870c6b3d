/** A sub-command of `windfire`; its files are relative to the root of the repository, or of a release. */
export interface Command {
  readonly does: string;
  readonly packed: string;
  readonly source: string;
}

export const COMMANDS: Readonly<Record<string, Command>>;

/** The command that the first words of a command line name, and what is left of the line; undefined when they name none. */
export function commandOf(words: readonly string[]): { readonly name: string; readonly args: readonly string[] } | undefined;
