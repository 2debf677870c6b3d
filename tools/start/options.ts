/** What `npm start -- …` understands. */
export interface StartOptions {
  /** Run an agent for this machine beside the dashboard. */
  readonly agent: boolean;
  /** Folder of config.yaml, sqlite.db and the agent's own folder. */
  readonly data: string;
}

export const START_USAGE = `usage: npm start -- [--no-agent] [--data <folder>]

  --no-agent        run the dashboard alone, without an agent for this machine
  --data <folder>   where configuration and data lie (default: data)`;

/** Returns a text that says what is wrong with the arguments instead of options. */
export function parseStartOptions(args: readonly string[]): StartOptions | string {
  let agent = true;
  let data = "data";
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg === "--no-agent") {
      agent = false;
      continue;
    }
    if (arg !== "--data") return `unknown argument ${arg}`;
    const folder = args[++at];
    if (!folder) return "--data needs a folder";
    data = folder;
  }
  return { agent, data };
}
