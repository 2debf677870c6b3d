/** What `npm run bench -- …` understands. */
export interface BenchOptions {
  /** Length of one measured window, seconds. */
  readonly seconds: number;
  readonly agents: number;
  readonly viewers: number;
  /** Measures to take; when empty, all but those that are only taken by name. */
  readonly only: readonly string[];
  /** JSON of a run before, to be shown beside this one. */
  readonly compare?: string;
}

export const BENCH_USAGE = `usage: npm run bench -- [--seconds 10] [--agents 500] [--viewers 100] [--only start,agents,…] [--compare .results/bench.json]`;

const DEFAULTS = { seconds: 10, agents: 500, viewers: 100, only: [] as string[] };

/** Returns a text that says what is wrong with the arguments instead of options. */
export function parseBenchOptions(args: readonly string[], measures: readonly string[]): BenchOptions | string {
  const options: { -readonly [Name in keyof BenchOptions]: BenchOptions[Name] } = { ...DEFAULTS };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]?.replace(/^--/, "");
    const value = args[at + 1] ?? "";
    if (name === "only") {
      options.only = value.split(",").filter(Boolean);
      const unknown = options.only.find((measure) => !measures.includes(measure));
      if (unknown !== undefined) return `--only ${unknown}: there are ${measures.join(", ")}`;
    } else if (name === "compare") {
      if (value === "") return "--compare needs a file";
      options.compare = value;
    } else if (name === "seconds" || name === "agents" || name === "viewers") {
      const number = Number(value);
      if (!Number.isInteger(number) || number < 1 || number > 20_000) return `--${name} needs a whole number from 1 to 20000`;
      options[name] = number;
    } else {
      return `unknown argument ${args[at]}`;
    }
  }
  return options;
}
