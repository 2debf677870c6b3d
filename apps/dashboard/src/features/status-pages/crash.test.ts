import { createAuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { mortalDatabase } from "#platform/database/testing";
import { createOutbox } from "#platform/outbox";
import { createSealing } from "#platform/sealing";
import { expect, test } from "vitest";
import { pageStore } from "./pages/store.ts";
import { createAnnouncing } from "./subscribers/announcing.ts";
import { subscriberStore } from "./subscribers/store.ts";
import { createSubscribing } from "./subscribers/subscribing.ts";
import type { Subscribing } from "./subscribers/subscribing.ts";
import { createPageTokens } from "./subscribers/tokens.ts";
import { admin, alice, form, openPagesBench, part, START } from "./testing/bench.ts";
import type { PagesBench } from "./testing/bench.ts";

const TABLES = [
  "wf_status_pages",
  "wf_page_exports",
  "wf_page_incidents",
  "wf_page_updates",
  "wf_page_maintenances",
  "wf_page_subscribers",
  "wf_page_templates",
  "wf_maintenance_windows",
  "wf_audit",
  "wf_outbox",
  "wf_changes",
] as const;

/** All that a verb may write. What is sealed is never the same twice. */
async function stored({ temporary }: PagesBench): Promise<string> {
  const rows = await Promise.all(
    TABLES.map(async (table) => {
      const found = await temporary.database.kysely.selectFrom(table).selectAll().execute();
      return [table, found.map((row) => ({ ...row, export_secret: "" }))] as const;
    }),
  );
  return JSON.stringify(rows);
}

const tokens = createPageTokens(createSealing(new Uint8Array(32)));

/** What readers do by themselves, over a database that may end the process. */
function subscribingOver({ clock }: PagesBench, database: Database): Subscribing {
  const outbox = createOutbox({ clock, database, onError: (error) => expect.unreachable(String(error)) });
  const deliver = () => expect.unreachable("nothing is delivered");
  const announcing = createAnnouncing({ database, outbox, now: clock.now, pages: { get: () => undefined }, deliver });
  return createSubscribing({ database, audit: createAuditLog({ database, now: clock.now }), now: clock.now, announcing, tokens });
}

type Verb = (bench: PagesBench, database: Database) => Promise<unknown>;
const asked =
  (caller: typeof alice, request: string, body: unknown): Verb =>
  (bench) =>
    bench.data(caller, request, body);

const PLAN = { kind: "once", from: "2026-03-11T11:00:00Z", to: "2026-03-11T13:00:00Z" };
const WORK = { page_id: 1, title: "Kernel", plan: PLAN, affected: [part("service", 2)], silence: true, notify: true };
const GROUPS = [
  { name: "One", parts: [part("service", 2)] },
  { name: "Two", parts: [part("server", 2), part("server", 4, "Four")] },
];
const S3 = { kind: "s3", endpoint: "https://s3.example.org", bucket: "status", access_key: "key", secret_key: "secret" };
const reader = { pageId: 1, kind: "email", address: "reader@example.com", language: "en", createdAt: START } as const;

/** A page with an incident, planned work, a template, and readers who have said yes and who have not. */
async function scene(bench: PagesBench): Promise<void> {
  await bench.data(alice, "POST /status-page", form({ groups: GROUPS, subscribe_email: true }));
  await bench.data(admin, "PATCH /status-page/1/delivery", { channel_id: 7, domain: "status.example.org", export: S3 });
  await bench.data(alice, "POST /page-incident", { page_id: 1, title: "x", text: "y", notify: true });
  await bench.data(alice, "POST /page-maintenance", WORK);
  await bench.data(alice, "POST /page-template", { name: "t", status: "resolved" });
  await bench.temporary.database.change(async (tx) => {
    await subscriberStore.insert(tx, { ...reader, confirmedAt: START });
    await subscriberStore.insert(tx, { ...reader, address: "new@example.com", confirmedAt: 0 });
  });
}

const subscriber = (id: number, address: string) => ({ ...reader, id, address, confirmedAt: 0 });
const token = (purpose: "confirm" | "end", id: number, address: string): string => tokens.of(purpose, subscriber(id, address));

const VERBS: Readonly<Record<string, Verb>> = {
  "a page with groups is made": asked(alice, "POST /status-page", form({ slug: "second", groups: GROUPS })),
  "a page with groups is changed": asked(alice, "PATCH /status-page/1", form({ groups: GROUPS.toReversed(), title: "Other" })),
  "a page goes with all of its own": asked(alice, "POST /batch-delete/status-page", [1]),
  "host, channel and copies change": asked(admin, "PATCH /status-page/1/delivery", {
    domain: "other.example.org",
    channel_id: 7,
    export: { ...S3, secret_key: "fresh" },
  }),
  "the address for bounces is made anew": asked(admin, "POST /status-page/1/bounce-address", {}),
  "an incident begins and is told": asked(alice, "POST /page-incident", {
    page_id: 1,
    title: "z",
    text: "y",
    notify: true,
    incident_id: 9,
  }),
  "an incident is put right": asked(alice, "PATCH /page-incident/1", { title: "w", titles: { de: "v" }, affected: [] }),
  "an incident goes on and is told": asked(alice, "POST /page-incident/1/update", { status: "resolved", text: "b", notify: true }),
  "an update is put right": asked(alice, "PATCH /page-incident/1/update/1", { text: "c", texts: { de: "d" } }),
  "incidents go": asked(alice, "POST /batch-delete/page-incident", [1]),
  "work is planned with its silence and told": asked(alice, "POST /page-maintenance", WORK),
  "work is planned anew": asked(alice, "PATCH /page-maintenance/1", { ...WORK, title: "Disks", silence: false }),
  "planned work goes with its window": asked(alice, "POST /batch-delete/page-maintenance", [1]),
  "a template is kept": asked(alice, "POST /page-template", { name: "u", status: "identified" }),
  "a template is changed": asked(alice, "PATCH /page-template/1", { name: "v", status: "identified" }),
  "templates go": asked(alice, "POST /batch-delete/page-template", [1]),
  "somebody asks for news": async (bench, database) => {
    const page = (await pageStore.find(database.kysely, 1)) ?? expect.unreachable("the page");
    return subscribingOver(bench, database).subscribe(page, "email", "third@example.com", "de");
  },
  "somebody says yes": (bench, database) => subscribingOver(bench, database).confirm(token("confirm", 2, "new@example.com")),
  "somebody ends it": (bench, database) => subscribingOver(bench, database).end(token("end", 1, reader.address)),
  "addresses bounce": (bench, database) => subscribingOver(bench, database).bounced(1, [reader.address, "new@example.com"]),
  "subscribers are let go": asked(alice, "POST /batch-delete/page-subscriber", [1, 2]),
};

test.each(Object.entries(VERBS))("a process may end at any step while %s: all of it is there, or nothing", async (_what, verb) => {
  let bench = await openPagesBench();
  const fresh = async (): Promise<string> => {
    await bench.close();
    bench = await openPagesBench();
    await scene(bench);
    return stored(bench);
  };
  try {
    const before = await fresh();
    await verb(bench, bench.temporary.database);
    const whole = await stored(bench);
    expect(whole).not.toBe(before);
    await fresh();
    for (let last = 0, isAlive = false; !isAlive; last++) {
      let calls = 0;
      const mortal = mortalDatabase(bench.temporary.database, () => {
        if (calls++ >= last) throw new Error("killed");
      });
      const attempt = bench.open(mortal).then(() => verb(bench, mortal));
      isAlive = await attempt.then(
        () => true,
        () => false,
      );
      const after = await stored(bench);
      expect([before, whole]).toContain(after);
      if (isAlive) expect(after).toBe(whole);
      else if (after === whole) await fresh();
      expect(last).toBeLessThan(200);
    }
  } finally {
    await bench.close();
  }
});
