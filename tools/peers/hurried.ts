/** Scenarios of the replay with answers that hold for a moment only: on a busy machine it is over before all of them were asked. */
const HURRIED: Readonly<Record<string, string>> = {
  waf: "a wrong password blocks an address for three seconds, in which four answers are asked",
};

/** A scenario that failed, in one profile of configuration, and may have been too slow. */
export interface Hurried {
  readonly profile: string;
  readonly scenario: string;
  readonly reason: string;
  readonly passed: number;
  readonly failed: number;
}

const PROFILE = /^== profile (\S+)$/;
const FAILED = /^FAIL (\S+): (\d+) passed, (\d+) failed/;

/** Those of a run's output that are worth a second run. */
export function hurriedIn(output: string): Hurried[] {
  let profile = "";
  return output.split("\n").flatMap((line) => {
    profile = PROFILE.exec(line)?.[1] ?? profile;
    const [, scenario = "", passed, failed] = FAILED.exec(line) ?? [];
    const reason = Object.hasOwn(HURRIED, scenario) ? HURRIED[scenario] : undefined;
    return reason === undefined ? [] : [{ profile, scenario, reason, passed: Number(passed), failed: Number(failed) }];
  });
}
