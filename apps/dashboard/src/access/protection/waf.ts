import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { BlockReason } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import { canonicalAddress } from "#kernel";
import type { Changes, Database, Queries } from "#platform/database";
import { MANUAL_COUNT } from "./ban.ts";
import { createStrikeTable, strikeKey } from "./strike-table.ts";
import type { StrikeRow } from "./strike-table.ts";
import { strikeKind, wafStore } from "./waf-store.ts";

/**
 * Blocks addresses that guess (spec 10 section 9); an IPv6 /64 counts as one. The check costs a look into memory, which follows the
 * table. What is seen here counts here at once, also when it cannot be stored: nobody guesses freely because the disk is full.
 */
export interface Waf {
  /** `ip` in canonical form; "" (no address known) is never blocked. */
  blocked(ip: string): boolean;
  /** One more strike. Failures to store it are reported, not thrown: the answer to the request does not depend on them. */
  strike(ip: string, reason: BlockReason, identifier: number): Promise<void>;
  /** Forgets strikes of an address after a success. Costs nothing when there are none. */
  forgive(ip: string, ...identifiers: number[]): Promise<void> | undefined;
  /** Part of a larger change: blocks these addresses, and no others of their networks, for ever. */
  block(tx: Queries, changes: Changes, ips: readonly string[]): Promise<void>;
  /** Part of a larger change: removes all rows that keep these addresses out. */
  unblock(tx: Queries, changes: Changes, ips: readonly string[]): Promise<void>;
  /** Newest strike first. */
  list(page: { offset: number; limit: number }): Promise<{ rows: readonly StrikeRow[]; total: number }>;
  /** Drops rows idle for 30 days whose ban is over; manual blocks stay. */
  age(): Promise<void>;
  readonly addresses: number;
}

const KIND = strikeKind.name;
const IDLE_SECONDS = 30 * 86_400;
/** Addresses kept; past that the non-manual one struck longest ago goes, from the table too. */
const MAX_ADDRESSES = 50_000;

export interface WafDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "change" | "follow" | "kysely">;
  readonly onError: (error: unknown) => void;
  /** An address is blocked by hand: what it has open closes. May be heard twice. */
  readonly onBlocked: (ip: string) => void;
  readonly maxAddresses?: number;
}

/** Reads the table and follows it. */
export async function createWaf(deps: WafDeps): Promise<Waf> {
  const { clock, database, maxAddresses = MAX_ADDRESSES } = deps;
  const table = createStrikeTable();
  const nowSeconds = (): number => Math.floor(clock.now() / 1000);
  const reported = async (change: Promise<void>): Promise<void> => change.catch(deps.onError);

  await database.follow(strikeKind, {
    changed(key, row) {
      if (row === undefined) table.removeKey(key);
      else table.set(row);
      if (row?.identifier === BLOCK_IDENTIFIER.manual) deps.onBlocked(row.ip);
    },
    reloaded(rows) {
      table.clear();
      for (const row of rows) table.set(row);
    },
  });
  const remove = async (tx: Queries, changes: Changes, rows: readonly StrikeRow[]): Promise<void> => {
    for (const row of rows) await wafStore.remove(tx, row);
    changes.gone(KIND, rows.map(strikeKey));
  };
  const dropAll = async (rows: readonly StrikeRow[]): Promise<void> => {
    if (rows.length === 0) return;
    for (const row of rows) table.removeKey(strikeKey(row));
    await database.change(async (tx, changes) => remove(tx, changes, rows));
  };
  const makeRoom = async (): Promise<void> => {
    while (table.size > maxAddresses) {
      const oldest = table.oldestUnlessManual();
      if (oldest === undefined) return;
      await dropAll(oldest);
    }
  };
  const strike = async (ip: string, reason: BlockReason, identifier: number): Promise<void> => {
    const [first] = table.find(ip, [identifier]);
    const row = { ip: first?.ip ?? ip, identifier, reason, timestamp: nowSeconds() };
    table.set({ ...row, count: (first?.count ?? 0) + 1 });
    await database.change(async (tx, changes) => {
      const stored = await wafStore.find(tx, row);
      await wafStore.save(tx, { ...row, count: (stored?.count ?? 0) + 1 });
      changes.put(KIND, strikeKey(row));
    });
    await makeRoom();
  };
  await makeRoom();

  return {
    blocked: (ip) => table.banEnd(ip) > clock.now() / 1000,
    strike: async (ip, reason, identifier) => (canonicalAddress(ip) === undefined ? undefined : reported(strike(ip, reason, identifier))),
    forgive(ip, ...identifiers) {
      const held = table.find(ip, identifiers);
      return held.length === 0 ? undefined : reported(dropAll(held));
    },
    async block(tx, changes, ips) {
      const strikes = { reason: BLOCK_REASON.manual, timestamp: nowSeconds(), count: MANUAL_COUNT };
      for (const ip of ips) {
        const row = { ip, identifier: BLOCK_IDENTIFIER.manual, ...strikes };
        await wafStore.save(tx, row);
        changes.put(KIND, strikeKey(row));
      }
    },
    async unblock(tx, changes, ips) {
      await remove(
        tx,
        changes,
        ips.flatMap((ip) => table.against(ip)),
      );
      changes.gone(KIND, (await wafStore.removeAddresses(tx, ips)).map(strikeKey));
    },
    list: async (page) => wafStore.list(database.kysely, page),
    async age() {
      const now = nowSeconds();
      await dropAll(table.idle(now - IDLE_SECONDS, now));
    },
    get addresses() {
      return table.size;
    },
  };
}
