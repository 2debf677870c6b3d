import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";
import { reasonOf, systemCode } from "@windfire/kit";

/** What a command ends with: text for standard output or error, and an exit code. */
export class CommandEnd extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, text: string) {
    super(text);
    this.exitCode = exitCode;
  }
}

/** Options that a command knows, by name without dashes; `-name`, `--name`, `-name=x` and `-name x` are the same. */
export type Options = Readonly<Record<string, { readonly type: "string" | "boolean" }>>;

/**
 * Reads the arguments of a command.
 *
 * @throws {CommandEnd} with the usage when help is asked for, or something is unknown or left out
 */
export function readArguments(args: readonly string[], usage: string, options: Options) {
  const known: NonNullable<ParseArgsConfig["options"]> = { ...options, help: { type: "boolean" }, h: { type: "boolean" } };
  try {
    const { values, positionals } = parseArgs({ args: args.map(doubled), options: known, allowPositionals: true, strict: true });
    if (values["help"] === true || values["h"] === true) throw new CommandEnd(0, usage);
    const text = (name: string): string | undefined => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    };
    return { text, flag: (name: string): boolean => values[name] === true, rest: positionals };
  } catch (error) {
    if (error instanceof CommandEnd) throw error;
    // What follows the first sentence is about arguments behind `--`, and no command has such.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(". To specify", 1);
    throw new CommandEnd(2, `${reason}\n\n${usage}`);
  }
}

/** The same for a command that takes options alone. @throws {CommandEnd} for anything else, too */
export function readOptions(args: readonly string[], usage: string, options: Options) {
  const { rest, ...read } = readArguments(args, usage, options);
  if (rest.length > 0) throw new CommandEnd(2, `unexpected argument ${rest[0]}\n\n${usage}`);
  return read;
}

/** The reference's flags have one dash, ours two: both are read. */
function doubled(argument: string): string {
  return /^-[a-z]/.test(argument) ? `-${argument}` : argument;
}

/**
 * The passphrase of a backup: the first line of a file, or a variable. Never an argument, which everybody on the machine could read.
 *
 * @throws {CommandEnd} for an empty one
 */
export async function passphraseFrom(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const passphrase = file === undefined ? env["WINDFIRE_PASSPHRASE"] : (await readFile(file, "utf8")).split(/\r?\n/, 1)[0];
  if (passphrase === "") throw new CommandEnd(2, "the passphrase is empty");
  return passphrase;
}

/** What went wrong, in words: errors of the system about a file name the file instead of the call. */
function faultOf(error: unknown): string {
  const path = error instanceof Error && "path" in error && systemCode(error) !== undefined ? `${String(error.path)}: ` : "";
  return path + (path === "" && error instanceof Error ? error.message : reasonOf(error));
}

/** Runs a command to its end and leaves the exit code. Whatever it makes holds secrets: nobody else may read it. */
export async function runCommand(name: string, run: (args: readonly string[]) => Promise<number>): Promise<void> {
  process.umask(0o077);
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    const text = error instanceof CommandEnd ? error.message : `windfire ${name}: ${faultOf(error)}`;
    const { exitCode } = error instanceof CommandEnd ? error : { exitCode: 1 };
    (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
    process.exitCode = exitCode;
  }
}
