import { createFactBus } from "#kernel";
import type { FactBus } from "#kernel";
import { createAuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Outbound } from "#platform/outbound";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import type { Clock } from "@windfire/kit";
import { createDdns } from "../index.ts";
import type { Ddns, DdnsDeps } from "../index.ts";
import type { NamedServer } from "../records/model.ts";

/** The room on a database, with servers that are what a test says, and zone `test` for every name but `lost.…`. */
export interface TestRoom {
  readonly ddns: Ddns;
  readonly outbox: Outbox;
  readonly facts: FactBus;
  readonly lines: string[];
}

/** Puts a {@link TestRoom} together; the outbox is not started. */
export async function openRoom(
  database: Database,
  clock: Clock,
  over: Partial<DdnsDeps> & { readonly outbound?: Pick<Outbound, "send">; readonly list?: readonly NamedServer[] } = {},
): Promise<TestRoom> {
  const lines: string[] = [];
  const onError = (error: unknown): void => void lines.push(`error ${String(error)}`);
  const facts = createFactBus({ onListenerError: (_name, error) => onError(error) });
  const outbox = createOutbox({ clock, database, onError });
  const write = (text: string, details?: object): void => void lines.push(`${text} ${JSON.stringify(details)}`);
  const { list = [] } = over;
  const ddns = await createDdns({
    database,
    clock,
    outbox,
    facts,
    onError,
    now: () => clock.now(),
    audit: createAuditLog({ database, now: () => clock.now() }),
    outbound: { send: () => Promise.reject(new Error("nothing is sent here")) },
    servers: { get: (id) => list.find((server) => server.id === id), list: () => list },
    requireRoom: () => undefined,
    cascades: [],
    isAdmin: (id) => id === 1,
    findZone: async (domain) => (domain.startsWith("lost.") ? undefined : { zone: "test", prefix: domain.replace(/\.?test$/, "") }),
    log: { info: write, warn: write },
    ...over,
  });
  return { ddns, outbox, facts, lines };
}
