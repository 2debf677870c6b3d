/** What the command line asks for (spec 41 section 1). */
export interface Flags {
  readonly configPath: string;
  /** With or without driver options after a `?`. */
  readonly databasePath: string;
  readonly version: boolean;
  /** Ours: listens there, whatever the configuration says. */
  readonly port?: number;
}

/** Flags and the arguments after them, or a text for standard error and an exit code. */
export type FlagsResult =
  | { readonly flags: Flags; readonly rest: readonly string[] }
  | { readonly exitCode: number; readonly text: string };

const FLAGS_USAGE = `
  -c path
    \tconfiguration file (default "data/config.yaml")
  -db path
    \tSQLite database file (default "data/sqlite.db"), or an address of PostgreSQL without password
  -port number
    \tport to listen on, instead of the configured one
  -v\tprint the version and exit
`;

const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/** Whether an address of PostgreSQL on a command line would show a password to everybody on the host. */
export function hasPassword(database: string): boolean {
  return (
    /^postgres(?:ql)?:/i.test(database) && (!URL.canParse(database) || new URL(database).password !== "" || /[?&]password=/i.test(database))
  );
}

/**
 * Reads the reference's command line: one or two dashes, the value after `=` or as the next argument, flags end at the first
 * argument that is none or at `--`.
 *
 * @param command as the usage calls it
 */
export function parseFlags(args: readonly string[], command = "windfire dashboard"): FlagsResult {
  const usage = `Usage of ${command}:${FLAGS_USAGE}`;
  const refuse = (reason: string): FlagsResult => ({ exitCode: 2, text: `${reason}\n${usage}` });
  const values = { c: "data/config.yaml", db: "data/sqlite.db", port: "" };
  let version = false;
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "-" || !argument.startsWith("-")) break;
    if (argument === "--") {
      index++;
      break;
    }
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument);
    if (match === null) return refuse(`bad flag syntax: ${argument}`);
    const [, name = "", inline] = match;
    if (name === "h" || name === "help") return { exitCode: 0, text: usage };
    if (name === "v") {
      if (inline !== undefined && !TRUE.has(inline) && !FALSE.has(inline)) return refuse(`invalid boolean value "${inline}" for -v`);
      version = inline === undefined || TRUE.has(inline);
      continue;
    }
    if (name !== "c" && name !== "db" && name !== "port") return refuse(`flag provided but not defined: -${name}`);
    const value = inline ?? args[++index];
    if (value === undefined) return refuse(`flag needs an argument: -${name}`);
    if (name === "port" && !isPort(value)) return refuse(`invalid value "${value}" for flag -port: must be a number from 0 to 65535`);
    if (value === "") return refuse(`flag needs an argument: -${name}`);
    // What was refused is not shown: everybody on the host could read it long before.
    if (name === "db" && hasPassword(value))
      return refuse("a password in -db can be read by everybody on the host: use database: or NZ_DATABASE");
    values[name] = value;
  }
  const port = values.port === "" ? {} : { port: Number(values.port) };
  return { flags: { configPath: values.c, databasePath: values.db, version, ...port }, rest: args.slice(index) };
}
