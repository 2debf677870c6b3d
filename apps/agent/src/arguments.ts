/** What the command line asks for. */
export type Invocation =
  | { readonly kind: "run"; readonly configPath: string }
  | { readonly kind: "version" }
  | { readonly kind: "help" }
  | { readonly kind: "find-addresses"; readonly pages: readonly string[] }
  | { readonly kind: "wrong"; readonly error: string };

export const DEFAULT_CONFIG_PATH = "config.yml";

/** Spec 21 section 1; the last `-c` counts. */
export function parseArguments(args: readonly string[]): Invocation {
  if (args[0] === "find-addresses") return { kind: "find-addresses", pages: args.slice(1) };
  let configPath = DEFAULT_CONFIG_PATH;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    const [name = "", inline] = argument.split(/=(.*)/s, 2);
    if (["-v", "-version", "--version"].includes(argument)) return { kind: "version" };
    if (["-h", "-help", "--help", "help", "h"].includes(argument)) return { kind: "help" };
    if (!["-c", "-config", "--c", "--config"].includes(name)) return { kind: "wrong", error: `unknown argument ${argument}` };
    const value = inline ?? args[++index];
    if (value === undefined || value === "") return { kind: "wrong", error: `${name} needs a file name` };
    configPath = value;
  }
  return { kind: "run", configPath };
}

export const USAGE = `Reports a host to its dashboard and carries out what the dashboard asks for.

Usage: windfire agent [-c <file>]

  -c, --config <file>   configuration, ${DEFAULT_CONFIG_PATH} in the working directory unless given; created when missing
  -v, --version         print the version
  -h, --help            print this text

Every setting can be given as an environment variable: NZ_ and its name in upper case (NZ_SERVER, NZ_CLIENT_SECRET, …).
`;
