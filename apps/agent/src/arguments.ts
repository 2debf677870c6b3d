import type { RightsChange } from "./commands/change-rights.ts";

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: "run"; readonly configPath: string | undefined }
  | { readonly kind: "rights"; readonly configPath: string | undefined; readonly change: RightsChange | undefined }
  | { readonly kind: "service"; readonly configPath: string | undefined; readonly action: string | undefined }
  | { readonly kind: "edit"; readonly configPath: string | undefined }
  | { readonly kind: "update"; readonly configPath: string | undefined; readonly force: boolean }
  | { readonly kind: "enrol"; readonly configPath: string | undefined; readonly address: string; readonly code: string | undefined }
  | { readonly kind: "unpack"; readonly folder: string }
  | { readonly kind: "version" }
  | { readonly kind: "help" }
  | { readonly kind: "find-addresses"; readonly pages: readonly string[] }
  | { readonly kind: "wrong"; readonly error: string };

const CONFIG_FLAGS = new Set(["-c", "-config", "--c", "--config"]);
const DURATION_FLAGS = new Set(["-for", "--for"]);

interface Parts {
  readonly configPath: string | undefined;
  readonly duration: string | undefined;
  readonly words: readonly string[];
}

/** Spec 21 section 1; the last `-c` counts, wherever it stands. */
export function parseArguments(args: readonly string[]): Invocation {
  if (args[0] === "find-addresses") return { kind: "find-addresses", pages: args.slice(1) };
  if (args.some((argument) => ["-v", "-version", "--version"].includes(argument))) return { kind: "version" };
  if (args.some((argument) => ["-h", "-help", "--help"].includes(argument))) return { kind: "help" };
  const parts = splitArguments(args);
  return typeof parts === "string" ? { kind: "wrong", error: parts } : invocationOf(parts);
}

function invocationOf({ configPath, duration, words }: Parts): Invocation {
  const [command, ...rest] = words;
  if (command === "permit" || command === "deny") return { kind: "rights", configPath, change: { verb: command, words: rest, duration } };
  if (duration !== undefined) return { kind: "wrong", error: "--for belongs to permit" };
  if (command === "permits" && rest.length === 0) return { kind: "rights", configPath, change: undefined };
  if (command === "service" && rest.length <= 1) return { kind: "service", configPath, action: rest[0] };
  const [address, code] = rest;
  if (command === "enrol" && address !== undefined && rest.length <= 2) return { kind: "enrol", configPath, address, code };
  if (command === "unpack" && rest.length === 1) return { kind: "unpack", folder: rest[0] ?? "" };
  if (command === "update" && (rest.length === 0 || rest.join(" ") === "force"))
    return { kind: "update", configPath, force: rest.length === 1 };
  if (command === "edit" && rest.length === 0) return { kind: "edit", configPath };
  if (command === "help" || command === "h") return { kind: "help" };
  return command === undefined ? { kind: "run", configPath } : { kind: "wrong", error: `unknown argument ${words.join(" ")}` };
}

/** A text says what is wrong. */
function splitArguments(args: readonly string[]): Parts | string {
  let configPath: string | undefined;
  let duration: string | undefined;
  const words: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    const [name = "", inline] = argument.split(/=(.*)/s, 2);
    const isConfig = CONFIG_FLAGS.has(name);
    if (!isConfig && !DURATION_FLAGS.has(name)) {
      if (argument.startsWith("-")) return `unknown argument ${argument}`;
      words.push(argument);
      continue;
    }
    const value = inline ?? args[++index];
    if (value === undefined || value === "") return isConfig ? `${name} needs a file name` : `${name} needs a time such as 2h`;
    if (isConfig) configPath = value;
    else duration = value;
  }
  return { configPath, duration, words };
}

export const USAGE = `Reports a host to its dashboard and carries out what the dashboard asks for, as far as the host permits it.

Usage: windfire agent [-c <file>]                       run
       windfire agent unpack <folder>                   lay the packed agent out so that it can be updated
       windfire agent service install | uninstall | start | stop | restart
       windfire agent enrol <address> <code>            get a credential of this host's own; the code may be in WF_CODE instead
       windfire agent edit                              change the configuration, question by question
       windfire agent update [force]                    look for a new version; force: also an older one, or one that failed
       windfire agent permits                           what this host permits
       windfire agent permit <right> [<limit>…] [--for 2h]
       windfire agent deny <right>

  -c, --config <file>   configuration; created when missing
  -v, --version         print the version
  -h, --help            print this text

Rights: probes, commands, terminal, files (limits: folders), nat (limits: host:port), config, update.

Every setting can be given as an environment variable: NZ_ and its name in upper case (NZ_SERVER, NZ_CLIENT_SECRET, …);
NZ_PERMITS, a list of rights with commas, counts when the configuration is created.
`;
