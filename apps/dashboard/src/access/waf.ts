import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { BlockReason } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import type { Database } from "#platform/database";
import { canonicalAddress } from "./address.ts";
import { MANUAL_COUNT } from "./ban.ts";
import { createWafStore } from "./waf-store.ts";
import type { WafRow } from "./waf-store.ts";
import { createStrikeTable } from "./strike-table.ts";

/** Blocks addresses that guess (spec 10 section 9). The check costs a look into memory; every change is stored too. */
export interface Waf {
  /** `ip` in canonical form; "" (no address known) is never blocked. */
  blocked(ip: string): boolean;
  /** One more strike. Failures to store it are reported, not thrown: the answer to the request does not depend on them. */
  strike(ip: string, reason: BlockReason, identifier: number): Promise<void>;
  /** Forgets strikes of an address after a success. Costs nothing when there are none. */
  forgive(ip: string, ...identifiers: number[]): Promise<void> | undefined;
  /** Blocks for ever. */
  block(ips: readonly string[]): Promise<void>;
  /** Removes all rows of these addresses. */
  unblock(ips: readonly string[]): Promise<void>;
  /** Newest strike first. */
  list(page: { offset: number; limit: number }): Promise<{ rows: readonly WafRow[]; total: number }>;
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

  const makeRoom = async (): Promise<void> => {
    while (table.size > (deps.maxAddresses ?? MAX_ADDRESSES)) {
      const oldest = table.oldestUnlessManual();
      if (oldest === undefined) return;
      table.remove(oldest);
      await store.remove([oldest]);
    }
  };
  const strike = async (ip: string, reason: BlockReason, identifier: number): Promise<void> => {
    const count = (table.get(ip, identifier)?.count ?? 0) + 1;
    const strikes = { reason, timestamp: nowSeconds(), count };
    table.set(ip, identifier, strikes);
    await store.save(ip, identifier, strikes);
    await makeRoom();
  };

  return {
    blocked: (ip) => table.banEnd(ip) > deps.clock.now() / 1000,
    strike: async (ip, reason, identifier) => (canonicalAddress(ip) === undefined ? undefined : reported(strike(ip, reason, identifier))),
    forgive(ip, ...identifiers) {
      const held = identifiers.filter((identifier) => table.get(ip, identifier) !== undefined);
      for (const identifier of held) table.removeOne(ip, identifier);
      return held.length === 0 ? undefined : reported(store.removeSome(ip, held));
    },
    async block(ips) {
      const strikes = { reason: BLOCK_REASON.manual, timestamp: nowSeconds(), count: MANUAL_COUNT };
      await store.saveAll(ips, BLOCK_IDENTIFIER.manual, strikes);
      for (const ip of ips) table.set(ip, BLOCK_IDENTIFIER.manual, strikes);
    },
    async unblock(ips) {
      await store.remove(ips);
      for (const ip of ips) table.remove(ip);
    },
    list: async (page) => store.list(page),
    async load() {
      for (const { ip, identifier, ...strikes } of await store.all()) table.set(ip, identifier, strikes);
      await makeRoom();
    },
    async age() {
      const now = nowSeconds();
      const idle = table.idle(now - IDLE_SECONDS).filter((ip) => table.banEnd(ip) <= now);
      if (idle.length === 0) return;
      for (const ip of idle) table.remove(ip);
      await store.remove(idle);
    },
    get addresses() {
      return table.size;
    },
  };
}
