import { fail, succeed } from "../config/model.ts";
import type { Outcome } from "../config/model.ts";
import { isRight, limitsFault, RIGHTS } from "../gate/index.ts";
import type { Permit, Permits } from "../gate/index.ts";
import { parseDuration } from "./durations.ts";

/** What the owner of the host asks for on the command line. */
export interface RightsChange {
  readonly verb: "permit" | "deny";
  /** A right, then the folders or addresses that it is limited to. */
  readonly words: readonly string[];
  /** `2h`; undefined: until it is denied. */
  readonly duration: string | undefined;
}

/** @param nowSeconds Unix time */
export function changeRights(present: Permits, { verb, words, duration }: RightsChange, nowSeconds: number): Outcome<Permits> {
  const [name = "", ...limits] = words;
  const right = name.toLowerCase();
  if (!isRight(right)) return fail(`${name === "" ? "which right?" : `"${name}" is no right;`} there are ${RIGHTS.slice(1).join(", ")}`);
  if (right === "report") return fail("an agent always reports; stop it where it shall not");
  const permits = new Map(present);
  if (verb === "deny") {
    if (limits.length > 0 || duration !== undefined) return fail(`deny takes a whole right away: windfire agent deny ${right}`);
    permits.delete(right);
    return succeed(permits);
  }
  const fault = limits.length === 0 ? undefined : limitsFault(right, limits);
  if (fault !== undefined) return fail(fault);
  const seconds = duration === undefined ? undefined : parseDuration(duration);
  if (duration !== undefined && seconds === undefined) return fail(`"${duration}" is no time such as 90s, 30m, 2h or 7d`);
  const permit: Permit = {
    ...(seconds === undefined ? {} : { until: Math.floor(nowSeconds) + seconds }),
    ...(limits.length === 0 ? {} : { only: limits }),
  };
  permits.set(right, permit);
  return succeed(permits);
}

/** What whoever gives a right should know; undefined when there is nothing to say. */
export function warningFor(permits: Permits): string | undefined {
  const files = permits.get("files");
  const isOpen = permits.has("commands") || permits.has("terminal") || (files !== undefined && !isLimited(files));
  if (!isOpen) return undefined;
  return "With commands, terminal or files everywhere this host trusts its dashboard entirely: whoever rules there can do here whatever the agent's user can, and give the other rights too.";
}

function isLimited({ only = [] }: Permit): boolean {
  return only.length > 0 && !only.some((folder) => /^(?:\/+|[A-Za-z]:[\\/]*)$/.test(folder));
}
