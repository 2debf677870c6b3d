import { timingSafeEqual } from "node:crypto";
import type { RandomBytes } from "@windfire/kit";
import { randomText } from "@windfire/kit";
import type { TicketOffice } from "#platform/tickets";

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
  begin(flow: OAuth2Flow): Promise<{ readonly key: string; readonly state: string; readonly verifier: string; readonly nonce: string }>;
  /**
   * Ends a flow: a second use and one that took too long give `undefined`. So does a wrong state, which ends nothing: it is that of an
   * older flow of the same browser, whose cookie a newer one has replaced.
   */
  finish(key: string, state: string): Promise<FinishedFlow | undefined>;
  /** Whether a flow with this key can still be finished. */
  isWaiting(key: string): boolean;
}

/** Life of a started flow (spec 10 section 8.2). */
export const STATE_SECONDS = 300;
const MAX_STATES = 1_000;
const KEY_LENGTH = 16;
const VERIFIER_LENGTH = 64;

/** At most 1 000 flows: the oldest goes (spec 60 section 5). */
export async function createOAuth2States(deps: { readonly random: RandomBytes; readonly tickets: TicketOffice }): Promise<OAuth2States> {
  const { random } = deps;
  const open = await deps.tickets<{ readonly flow: FinishedFlow; readonly state: string }>({
    name: "oauth2-flow",
    lifeMs: STATE_SECONDS * 1000,
    most: MAX_STATES,
  });
  return {
    async begin(flow) {
      const [state, key] = [randomText(random, KEY_LENGTH), randomText(random, KEY_LENGTH)];
      const [verifier, nonce] = [randomText(random, VERIFIER_LENGTH), randomText(random, VERIFIER_LENGTH)];
      await open.put(key, { flow: { ...flow, verifier, nonce }, state });
      return { key, state, verifier, nonce };
    },
    finish: async (key, state) => (await open.take(key, (begun) => isEqual(begun.state, state)))?.flow,
    isWaiting: open.has,
  };
}

function isEqual(state: string, claimed: string): boolean {
  const [a, b] = [Buffer.from(state), Buffer.from(claimed)];
  return a.length === b.length && timingSafeEqual(a, b);
}
