import type { FactBus } from "#kernel";
import type { Accounts } from "./account-store.ts";
import type { TokenRecords } from "./token-store.ts";

/**
 * Tells this process which users are no more or do not get in, and which tokens are no more, whoever ended them: it follows from rows.
 * Sessions tell by themselves. Hearing it twice does no harm.
 */
export function announceEnds({ accounts, tokens, facts }: { accounts: Accounts; tokens: TokenRecords; facts: FactBus }): void {
  accounts.subscribe({
    changed({ key, before, after }) {
      if (after === undefined) facts.publish("user.deleted", { userId: key });
      else if (after.disabled !== (before?.disabled ?? false))
        facts.publish(after.disabled ? "user.disabled" : "user.enabled", { userId: key });
    },
    // What happened in the gap nobody knows: whoever is disabled by now has nothing open.
    reloaded(records) {
      for (const { user, disabled } of records) if (disabled) facts.publish("user.disabled", { userId: user.id });
    },
  });
  tokens.subscribe({
    changed({ key, after }) {
      if (after === undefined) facts.publish("token.ended", { tokenIds: [key], reason: "deleted" });
    },
  });
}
