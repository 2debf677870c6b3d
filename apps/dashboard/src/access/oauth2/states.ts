import { timingSafeEqual } from "node:crypto";
import type { Clock, RandomBytes } from "@windfire/kit";
import { randomText } from "@windfire/kit";

/** What the browser was sent away for. */
export interface OAuth2Flow {
  readonly purpose: "login" | "bind";
  /** Name as configured. */
  readonly provider: string;
  readonly redirectUri: string;
  /** Who was signed in at the start; nobody for 0. */
  readonly userId: number;
}

/** A flow that came back. */
export interface FinishedFlow extends OAuth2Flow {
  readonly verifier: string;
  readonly nonce: string;
}

/** Flows that have been started and not finished. */
export interface OAuth2States {
  /** `key` goes into the browser's cookie, `state` to the provider; `verifier` stays here, the provider gets a proof of it (RFC 7636); `nonce` comes back in the identity token. */
  begin(flow: OAuth2Flow): { readonly key: string; readonly state: string; readonly verifier: string; readonly nonce: string };
  /**
   * Ends a flow: a second use and one that took too long give `undefined`. So does a wrong state, which ends nothing: it is that of an
   * older flow of the same browser, whose cookie a newer one has replaced.
   */
  finish(key: string, state: string): FinishedFlow | undefined;
  /** Whether a flow with this key can still be finished. */
  isWaiting(key: string): boolean;
}

/** Life of a started flow (spec 10 section 8.2). */
export const STATE_SECONDS = 300;
const MAX_STATES = 1_000;
const KEY_LENGTH = 16;
const VERIFIER_LENGTH = 64;

/** In memory, at most 1 000 flows: the oldest goes (spec 60 section 5). */
export function createOAuth2States(deps: { clock: Clock; random: RandomBytes }): OAuth2States {
  const open = new Map<string, { flow: FinishedFlow; state: string; until: number }>();
  return {
    begin(flow) {
      const state = randomText(deps.random, KEY_LENGTH);
      const key = randomText(deps.random, KEY_LENGTH);
      const verifier = randomText(deps.random, VERIFIER_LENGTH);
      const nonce = randomText(deps.random, VERIFIER_LENGTH);
      open.set(key, { flow: { ...flow, verifier, nonce }, state, until: deps.clock.monotonic() + STATE_SECONDS * 1000 });
      if (open.size > MAX_STATES) dropOldest(open);
      return { key, state, verifier, nonce };
    },
    finish(key, state) {
      const entry = open.get(key);
      if (!entry || !isEqual(entry.state, state)) return undefined;
      open.delete(key);
      return deps.clock.monotonic() <= entry.until ? entry.flow : undefined;
    },
    isWaiting: (key) => deps.clock.monotonic() <= (open.get(key)?.until ?? -1),
  };
}

function isEqual(state: string, claimed: string): boolean {
  const [a, b] = [Buffer.from(state), Buffer.from(claimed)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function dropOldest(open: Map<string, unknown>): void {
  const oldest = open.keys().next();
  if (!oldest.done) open.delete(oldest.value);
}
