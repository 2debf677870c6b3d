/** What `npm start -- …` understands. */
export interface StartOptions {
  /** Run an agent for this machine beside the dashboard. */
  readonly agent: boolean;
  /** Folder of config.yaml, sqlite.db and the agent's own folder. */
  readonly data: string;
  /** Where the dashboard listens instead of the configured port. */
  readonly port?: number;
}

/** Options, a wish for the usage, or what is wrong with the arguments. */
export type StartArguments =
  | { readonly kind: "options"; readonly options: StartOptions }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly text: string };

export const START_USAGE = `usage: npm start -- [--no-agent] [--data <folder>] [--port <number>]

  --no-agent        run the dashboard alone, without an agent for this machine
  --data <folder>   where configuration and data lie (default: data)
  --port <number>   listen on this port, instead of the one in config.yaml (8008)
  --help            show this text`;

/** Values come as the next argument or after `=`. */
export function parseStartOptions(args: readonly string[]): StartArguments {
  const options = { agent: true, data: "data" };
  let port: { port?: number } = {};
  for (let at = 0; at < args.length; at++) {
    const [name, inline] = splitAtEquals(args[at] ?? "");
    if ((name === "--help" || name === "-h") && inline === undefined) return { kind: "help" };
    if (name === "--no-agent" && inline === undefined) {
      options.agent = false;
      continue;
    }
    if (name !== "--data" && name !== "--port") return { kind: "wrong", text: `unknown argument ${args[at]}` };
    const value = inline ?? args[++at] ?? "";
    if (name === "--port") {
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) return { kind: "wrong", text: "--port needs a number from 0 to 65535" };
      port = { port: Number(value) };
    } else if (value === "") return { kind: "wrong", text: "--data needs a folder" };
    else options.data = value;
  }
  return { kind: "options", options: { ...options, ...port } };
}

function splitAtEquals(argument: string): [name: string, value?: string] {
  const at = argument.indexOf("=");
  return at === -1 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}
