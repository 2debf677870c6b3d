/** What `npm run bench -- …` understands. */
export interface BenchOptions {
  /** Length of one measured window, seconds. */
  readonly seconds: number;
  readonly agents: number;
  readonly viewers: number;
  /** Measures to take; all when empty. */
  readonly only: readonly string[];
}

export const BENCH_USAGE = `usage: npm run bench -- [--seconds 10] [--agents 500] [--viewers 100] [--only start,agents,…]`;

const DEFAULTS = { seconds: 10, agents: 500, viewers: 100, only: [] as string[] };

/** Returns a text that says what is wrong with the arguments instead of options. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | string {
  const options = { ...DEFAULTS };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]?.replace(/^--/, "");
    const value = args[at + 1] ?? "";
    if (name === "only") {
      options.only = value.split(",").filter(Boolean);
      continue;
    }
    if (name !== "seconds" && name !== "agents" && name !== "viewers") return `unknown argument ${args[at]}`;
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > 20_000) return `--${name} needs a whole number from 1 to 20000`;
    options[name] = number;
  }
  return options;
}
