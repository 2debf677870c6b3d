import { canonicalAddress, refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import { strikeKind } from "./waf-store.ts";
import type { Waf } from "./waf.ts";

export interface AddressCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly waf: Pick<Waf, "block" | "unblock">;
  /** Ends the sessions bound to addresses that are blocked, in the same change. */
  readonly endSessionsAt: (tx: Queries, changes: Changes, ips: readonly string[]) => Promise<void>;
}

/** What administrators do with addresses (spec 10 sections 9 and 10). */
export function createAddressCommands({ database, audit, waf, endSessionsAt }: AddressCommandDeps) {
  const note = async (tx: Queries, caller: Caller, action: string, ips: readonly string[]): Promise<void> => {
    for (const ip of ips) await audit.write(tx, { actor: actorOf(caller), action, kind: strikeKind.name, key: ip });
  };
  return {
    /** For ever, with their sessions and all that they have open. All are checked before the first; `own` is the caller's address. */
    block: async (caller: Caller, asked: readonly string[], own: string): Promise<void> => {
      const ips = addressesToBlock(asked, own);
      if (ips.length === 0) return;
      await database.change(async (tx, changes) => {
        await waf.block(tx, changes, ips);
        await endSessionsAt(tx, changes, ips);
        await note(tx, caller, "address.block", ips);
      });
    },
    /** Forgets everything about them; what is no address is skipped. */
    unblock: async (caller: Caller, asked: readonly string[]): Promise<void> => {
      const ips = [...new Set(asked.map(canonicalAddress).filter((ip) => ip !== undefined))];
      if (ips.length === 0) return;
      await database.change(async (tx, changes) => {
        await waf.unblock(tx, changes, ips);
        await note(tx, caller, "address.unblock", ips);
      });
    },
  };
}

export type AddressCommands = ReturnType<typeof createAddressCommands>;

/** An empty text names no address. */
function addressesToBlock(asked: readonly string[], own: string): readonly string[] {
  const named = asked.filter((text) => text.trim() !== "");
  const ips = named.map((text) => {
    const ip = canonicalAddress(text.trim());
    if (ip === undefined) throw refuseText(`not an IP address: ${JSON.stringify(text)}`);
    return ip;
  });
  if (ips.includes(canonicalAddress(own) ?? "")) throw refuse("can't block your own address");
  return [...new Set(ips)].toSorted();
}
