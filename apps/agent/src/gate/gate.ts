import type { Clock, Timer } from "@windfire/kit";
import { RIGHTS } from "./rights.ts";
import type { Permit, Permits, Right } from "./rights.ts";
import { RULES, SETTINGS } from "./rules.ts";
import type { GateSettings, Rule } from "./rules.ts";

/** What the host's file says: `official`, a file of the official agent, whose switches alone count; else rights by name. */
export type HostRights = { readonly kind: "official" } | { readonly kind: "own"; readonly permits: Permits };

/**
 * What becomes of a task that the host does not permit: a result with this text; a stream that carries the text; or,
 * where an official agent stays silent, nothing.
 */
export type Refusal =
  | { readonly kind: "result"; readonly data: string; readonly successful: boolean }
  | { readonly kind: "stream"; readonly text: string }
  | { readonly kind: "silent" };

/** Leave to carry out one task. */
export interface Leave {
  readonly kind: "leave";
  /** Folders or addresses that it is limited to; undefined: none. */
  readonly only: readonly string[] | undefined;
  /** Aborted when the right is gone, or limited otherwise than before. */
  readonly ends: AbortSignal;
  /** To be called when the task is over. */
  readonly done: () => void;
}

/** Holds every order against what the owner of the host permits. */
export interface Gate {
  ask(settings: GateSettings, taskType: number): Leave | { readonly kind: "refused"; readonly right: Right; readonly refusal: Refusal };
  /** The rights of this moment, those of official switches too. */
  rights(settings: GateSettings): Permits;
}

export interface GateDeps {
  readonly clock: Clock;
  /** Asked for every task. */
  readonly hostRights: () => HostRights;
}

interface Held {
  readonly right: Right;
  readonly limits: string;
  readonly end: AbortController;
}

/** How often it is looked whether the rights behind running tasks are still there. */
const CHECK_MS = 2000;
const MS_PER_SECOND = 1000;
const NEVER = new AbortController().signal;
const FREE: Leave = { kind: "leave", only: undefined, ends: NEVER, done: () => undefined };

export function createGate({ clock, hostRights }: GateDeps): Gate {
  const held = new Set<Held>();
  let timer: Timer | undefined;

  const permitIn = (host: HostRights, right: Right): Permit | undefined => {
    if (host.kind === "official") return {};
    const permit = host.permits.get(right);
    return permit?.until !== undefined && permit.until * MS_PER_SECOND <= clock.now() ? undefined : permit;
  };
  const check = (): void => {
    const host = hostRights();
    for (const one of held) if (limitsOf(permitIn(host, one.right)) !== one.limits) one.end.abort();
  };
  const hold = (right: Right, permit: Permit): Leave => {
    const one: Held = { right, limits: limitsOf(permit), end: new AbortController() };
    held.add(one);
    timer ??= clock.setInterval(check, CHECK_MS);
    return {
      kind: "leave",
      only: permit.only,
      ends: one.end.signal,
      done: () => {
        held.delete(one);
        if (held.size > 0) return;
        timer?.cancel();
        timer = undefined;
      },
    };
  };

  return {
    ask: (settings, taskType) => {
      const rule = RULES.get(taskType);
      if (rule === undefined) return FREE;
      const permit = permitIn(hostRights(), rule.right);
      if (permit === undefined) return { kind: "refused", right: rule.right, refusal: refusalByHost(rule) };
      if (settings[rule.setting]) return { kind: "refused", right: rule.right, refusal: refusalBySwitch(rule) };
      return hold(rule.right, permit);
    },
    rights: (settings) => {
      const host = hostRights();
      const permits = new Map<Right, Permit>();
      for (const right of RIGHTS) {
        const permit = permitIn(host, right);
        const setting = SETTINGS.get(right);
        if (permit !== undefined && (setting === undefined || !settings[setting])) permits.set(right, permit);
      }
      return permits;
    },
  };
}

/** A task goes on while its right has the limits it was given; that the right lasts longer than before changes nothing. */
function limitsOf(permit: Permit | undefined): string {
  return permit === undefined ? "none" : JSON.stringify(permit.only ?? "all");
}

/** In the reference's words, which dashboards and people know (spec 21). */
function refusalBySwitch({ shape, text }: Rule): Refusal {
  switch (shape.kind) {
    case "result":
      return { kind: "result", data: text, successful: false };
    case "mcp":
      return { kind: "result", data: JSON.stringify({ ...shape.empty, error: text }), successful: true };
    case "transfer":
      return { kind: "stream", text };
    case "session":
      return { kind: "silent" };
  }
}

/** Says which right is missing and who can give it. */
function refusalByHost({ right, shape }: Rule): Refusal {
  const text = `This host does not permit ${right}. Its owner can: windfire agent permit ${right}`;
  switch (shape.kind) {
    case "result":
      return { kind: "result", data: text, successful: false };
    case "mcp":
      return { kind: "result", data: JSON.stringify({ ...shape.empty, error: text }), successful: true };
    case "transfer":
    case "session":
      return { kind: "stream", text };
  }
}
