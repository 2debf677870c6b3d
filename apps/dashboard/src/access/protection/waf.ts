import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { BlockReason } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import type { Database } from "#platform/database";
import { canonicalAddress } from "#kernel";
import { MANUAL_COUNT } from "./ban.ts";
import { createStrikeTable } from "./strike-table.ts";
import type { StrikeRow } from "./strike-table.ts";
import { createWafStore } from "./waf-store.ts";

/**
 * Blocks addresses that guess (spec 10 section 9); an IPv6 /64 counts as one. The check costs a look into memory; every change is stored
 * too.
 */
export interface Waf {
  /** `ip` in canonical form; "" (no address known) is never blocked. */
  blocked(ip: string): boolean;
  /** One more strike. Failures to store it are reported, not thrown: the answer to the request does not depend on them. */
  strike(ip: string, reason: BlockReason, identifier: number): Promise<void>;
  /** Forgets strikes of an address after a success. Costs nothing when there are none. */
  forgive(ip: string, ...identifiers: number[]): Promise<void> | undefined;
  /** Blocks these addresses, and no others of their networks, for ever. */
  block(ips: readonly string[]): Promise<void>;
  /** Removes all rows that keep these addresses out. */
  unblock(ips: readonly string[]): Promise<void>;
  /** Newest strike first. */
  list(page: { offset: number; limit: number }): Promise<{ rows: readonly StrikeRow[]; total: number }>;
  /** Reads the table. */
  load(): Promise<void>;
  /** Drops rows idle for 30 days whose ban is over; manual blocks stay. */
  age(): Promise<void>;
  readonly addresses: number;
}

const IDLE_SECONDS = 30 * 86_400;
/** Addresses kept; past that the non-manual one struck longest ago goes, from the table too. */
const MAX_ADDRESSES = 50_000;

export interface WafDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly onError: (error: unknown) => void;
  readonly maxAddresses?: number;
}

export function createWaf(deps: WafDeps): Waf {
  const store = createWafStore(deps.database);
  const table = createStrikeTable();
  const nowSeconds = (): number => Math.floor(deps.clock.now() / 1000);
  const reported = async (change: Promise<void>): Promise<void> => change.catch(deps.onError);

  const remove = async (rows: readonly StrikeRow[]): Promise<void> => {
    table.remove(rows);
    await store.remove(rows);
  };
  const makeRoom = async (): Promise<void> => {
    while (table.size > (deps.maxAddresses ?? MAX_ADDRESSES)) {
      const oldest = table.oldestUnlessManual();
      if (oldest === undefined) return;
      await remove(oldest);
    }
  };
  const strike = async (ip: string, reason: BlockReason, identifier: number): Promise<void> => {
    const [first] = table.find(ip, [identifier]);
    const row = { ip: first?.ip ?? ip, identifier, reason, timestamp: nowSeconds(), count: (first?.count ?? 0) + 1 };
    table.set(row);
    await store.save([row]);
    await makeRoom();
  };

  return {
    blocked: (ip) => table.banEnd(ip) > deps.clock.now() / 1000,
    strike: async (ip, reason, identifier) => (canonicalAddress(ip) === undefined ? undefined : reported(strike(ip, reason, identifier))),
    forgive(ip, ...identifiers) {
      const held = table.find(ip, identifiers);
      return held.length === 0 ? undefined : reported(remove(held));
    },
    async block(ips) {
      const strikes = { reason: BLOCK_REASON.manual, timestamp: nowSeconds(), count: MANUAL_COUNT };
      const rows = ips.map((ip) => ({ ip, identifier: BLOCK_IDENTIFIER.manual, ...strikes }));
      await store.save(rows);
      for (const row of rows) table.set(row);
    },
    async unblock(ips) {
      const rows = ips.flatMap((ip) => table.against(ip));
      await store.remove(rows);
      await store.removeAddresses(ips);
      table.remove(rows);
    },
    list: async (page) => store.list(page),
    async load() {
      for (const row of await store.all()) table.set(row);
      await makeRoom();
    },
    async age() {
      const now = nowSeconds();
      await remove(table.idle(now - IDLE_SECONDS, now));
    },
    get addresses() {
      return table.size;
    },
  };
}
