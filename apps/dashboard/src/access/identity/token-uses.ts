import type { Clock, LateWrites } from "@windfire/kit";
import { timeOf } from "#platform/database";
import type { Token, TokenRecords, TokenUse } from "./token-store.ts";

const TOUCH_EVERY_MS = 60_000;

/** When tokens were last used: known here at once, in the table a little later, and in the change log not at all. */
export interface TokenUses {
  /** Notes a use: the first, one from a new address, and otherwise one a minute. */
  note(token: Token, ip: string): void;
  of(token: Token): TokenUse | undefined;
}

export function createTokenUses(deps: {
  clock: Clock;
  tokens: Pick<TokenRecords, "subscribe">;
  lateWrites: LateWrites;
  write: (id: number, use: TokenUse) => Promise<void>;
}): TokenUses {
  const uses = new Map<number, TokenUse>();
  const of = (token: Token): TokenUse | undefined => uses.get(token.id) ?? token.lastUse;
  // What it holds is bounded by the tokens there are.
  deps.tokens.subscribe({
    changed: ({ key, after }) => {
      if (after === undefined) uses.delete(key);
    },
    reloaded: () => uses.clear(),
  });
  return {
    note(token, ip) {
      const now = deps.clock.now();
      const last = of(token);
      if (last !== undefined && last.ip === ip && Math.abs(now - last.at.epochMs) < TOUCH_EVERY_MS) return;
      const use = { at: timeOf(now), ip };
      uses.set(token.id, use);
      deps.lateWrites.begin(async () => deps.write(token.id, use));
    },
    of,
  };
}
