/** What `npm run soak -- …` understands. */
export interface SoakOptions {
  readonly minutes: number;
  readonly agents: number;
}

export const SOAK_USAGE = "usage: npm run soak -- [--minutes 30] [--agents 1000]";

const MOST = { minutes: 1_440, agents: 20_000 } as const;

/** Returns a text that says what is wrong with the arguments instead of options. */
export function parseSoakOptions(args: readonly string[]): SoakOptions | string {
  const options = { minutes: 30, agents: 1_000 };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]?.replace(/^--/, "");
    if (name !== "minutes" && name !== "agents") return `unknown argument ${args[at]}`;
    const number = Number(args[at + 1] ?? "");
    if (!Number.isInteger(number) || number < 1 || number > MOST[name]) return `--${name} needs a whole number from 1 to ${MOST[name]}`;
    options[name] = number;
  }
  return options;
}
