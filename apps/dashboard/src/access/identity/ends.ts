import type { FactBus } from "#kernel";
import type { Accounts } from "./account-store.ts";
import type { TokenRecords } from "./token-store.ts";

/**
 * Tells this process which users and tokens are no more, whoever ended them: it follows from rows. Sessions tell by themselves. Hearing it
 * twice does no harm.
 */
export function announceEnds({ accounts, tokens, facts }: { accounts: Accounts; tokens: TokenRecords; facts: FactBus }): void {
  accounts.subscribe({
    changed({ key, after }) {
      if (after === undefined) facts.publish("user.deleted", { userId: key });
    },
  });
  tokens.subscribe({
    changed({ key, after }) {
      if (after === undefined) facts.publish("token.ended", { tokenIds: [key], reason: "deleted" });
    },
  });
}
