/** Which servers a service, rule or task is about, in one set of words for all of them. */
export type CoverMode = "except" | "only" | "alerting";

export interface Coverage {
  readonly mode: CoverMode;
  /** Ids that `except` leaves out and `only` names; without meaning for `alerting`. */
  readonly ids: readonly number[];
}

export const EVERYWHERE: Coverage = { mode: "except", ids: [] };

/** Services and conditions of rules: 0 all except, 1 only; the list is a map of which only `true` counts (spec 11 section 0.7). */
export function readFlagCoverage(cover: number, flags: Readonly<Record<string, boolean>> | null | undefined): Coverage {
  return { mode: cover === 1 ? "only" : "except", ids: idsOf(flags) };
}

export function writeFlagCoverage({ mode, ids }: Coverage): { cover: number; flags: Record<string, boolean> } {
  return { cover: mode === "only" ? 1 : 0, flags: Object.fromEntries(ids.map((id) => [String(id), true])) };
}

function idsOf(flags: Readonly<Record<string, boolean>> | null | undefined): number[] {
  return Object.entries(flags ?? {})
    .filter(([, on]) => on)
    .map(([id]) => Number(id));
}

const TASK_COVERS: readonly CoverMode[] = ["only", "except", "alerting"];

/** Tasks number it the other way round: 0 only, 1 all except, 2 the server that raised the alert. */
export function readTaskCoverage(cover: number, ids: readonly number[] | null | undefined): Coverage {
  return { mode: TASK_COVERS[cover] ?? "only", ids: ids ?? [] };
}

export function writeTaskCoverage({ mode, ids }: Coverage): { cover: number; servers: number[] } {
  return { cover: TASK_COVERS.indexOf(mode), servers: [...ids] };
}

/** Whether it is about no server at all, whichever there are and will be. */
export const coversNothing = ({ mode, ids }: Coverage): boolean => mode === "only" && ids.length === 0;

/** How many of the servers are covered now. */
export function coveredCount({ mode, ids }: Coverage, servers: readonly number[]): number {
  const listed = servers.filter((id) => ids.includes(id)).length;
  if (mode === "alerting") return 0;
  return mode === "only" ? listed : servers.length - listed;
}
