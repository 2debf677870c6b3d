import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { admin, ALICE, alice, bob, form, openPagesBench, part, START } from "./testing/bench.ts";
import type { PagesBench } from "./testing/bench.ts";

const WAIT = { timeout: 8_000, interval: 5 };

let bench: PagesBench;
beforeEach(async () => void (bench = await openPagesBench()));
afterEach(() => bench.close());

describe("what is refused, and names the field", () => {
  test.each([
    ["rows of others", form({ groups: [{ name: "", parts: [part("service", 1)] }] }), "groups.0.parts.0.id: service id 1 does not exist"],
    [
      "rows that are not there",
      form({ groups: [{ name: "", parts: [part("server", 9)] }] }),
      "groups.0.parts.0.id: server id 9 does not exist",
    ],
    [
      "hidden rows without a name",
      form({ groups: [{ name: "", parts: [part("server", 4)] }] }),
      "groups.0.parts.0.name: guests do not see this server",
    ],
    [
      "a row twice",
      form({ groups: [{ name: "", parts: [part("service", 2), part("service", 2)] }] }),
      "groups.0.parts.1: is on the page already",
    ],
    ["a colour that cannot be read", form({ accent: "#ffee00" }), "accent: its contrast with the ground #f4f6f7 is"],
    ["a ground that texts cannot be read on", form({ ground: "#888888" }), "ground: its contrast with the text"],
    ["a password page without one", form({ visibility: "password" }), "password: must not be empty"],
    ["an address that is none", form({ slug: "Main page" }), "slug: must be"],
    ["a link that runs", form({ links: [{ title: "x", url: "javascript:alert(1)" }] }), "links.0.url: must be"],
    ["a picture that is none", form({ logo: "data:text/html;base64,PHNjcmlwdD4=" }), "logo: must be"],
  ])("%s", async (_what, body, error) => expect(await bench.refusal(alice, "POST /status-page", body)).toContain(error));

  test("an address that another page has", async () => {
    await bench.data(alice, "POST /status-page", form());
    expect(await bench.refusal(bob, "POST /status-page", form({ groups: [] }))).toBe("slug: another page has this address");
  });

  test("host names that lead elsewhere, channels that send no mail, folders that are none", async () => {
    const id = await bench.data<number>(alice, "POST /status-page", form());
    const deliver = (changes: object) => bench.refusal(admin, `PATCH /status-page/${id}/delivery`, { export: {}, ...changes });
    expect(await deliver({ domain: "tunnel.example.org" })).toBe("domain: has a tunnel");
    expect(await deliver({ domain: "192.0.2.1" })).toContain("domain: must be a host name");
    expect(await deliver({ channel_id: 8 })).toBe("channel_id: must be a channel of the kind e-mail");
    expect(await deliver({ export: { kind: "folder", folder: "../up" } })).toContain("export.folder");
    expect(await deliver({ domain: "STATUS.example.org.", channel_id: 7 })).toBe("");
    expect(bench.room.hasHost("status.example.org:443")).toBe(true);
    expect(bench.room.site.reroute("status.example.org", "/api/v1/setting")).toBe("/status/main/api/v1/setting");
    expect(bench.room.site.reroute("other.example.org", "/")).toBeUndefined();
    expect(await deliver({ domain: "reserved.example.org" })).toBe("");
    expect(bench.room.site.reroute("reserved.example.org", "/")).toBeUndefined();
    expect(bench.room.site.byHost("reserved.example.org")).toBeUndefined();
  });
});

test("an administrator may list everything on a page of theirs, and nobody else's on a member's", async () => {
  expect(
    await bench.refusal(
      admin,
      "POST /status-page",
      form({ groups: [{ name: "", parts: [part("service", 1), part("service", 2), part("server", 3, "Third")] }] }),
    ),
  ).toBe("");
  const id = await bench.data<number>(alice, "POST /status-page", form({ slug: "alice" }));
  expect(
    await bench.refusal(admin, `PATCH /status-page/${id}`, form({ slug: "alice", groups: [{ name: "", parts: [part("service", 1)] }] })),
  ).toContain("service id 1 does not exist");
});

test("only what everybody may read is copied to where anybody may find it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "windfire-copies-"));
  try {
    const id = await bench.data<number>(alice, "POST /status-page", form({}));
    await bench.data(admin, `PATCH /status-page/${id}/delivery`, { channel_id: 7, export: { kind: "folder", folder } });
    const copies = async (changes: object): Promise<string> => {
      await bench.data(alice, `PATCH /status-page/${id}`, form(changes));
      return bench.refusal(admin, `POST /status-page/${id}/export`);
    };
    expect(await copies({ visibility: "password", password: "open-sesame" })).toContain("visibility:");
    expect(await copies({ visibility: "session" })).toContain("visibility:");
    expect(await copies({ published: false })).toContain("published:");
    expect(await readdir(folder)).toEqual([]);
    expect(await copies({ visibility: "public" })).toBe("");
    expect(await readdir(folder)).toContain("index.html");
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function pageWithMail(): Promise<number> {
  const id = await bench.data<number>(alice, "POST /status-page", form({ subscribe_email: true }));
  await bench.data(admin, `PATCH /status-page/${id}/delivery`, { channel_id: 7, export: {} });
  return id;
}

const confirmed = (pageId: number, address: string) =>
  bench.temporary.database.change((tx) =>
    tx
      .insertInto("wf_page_subscribers")
      .values({ page_id: pageId, kind: "email", address, language: "de", created_at: START, confirmed_at: START })
      .execute(),
  );

test("an incident begins from one of the engine; its news reach who said yes, as one letter, and an address that is gone is forgotten", async () => {
  const page_id = await pageWithMail();
  await confirmed(page_id, "reader@example.com");
  await confirmed(page_id, "gone@example.com");
  const draft = await bench.data<object>(alice, `GET /page-incident/draft?page_id=${page_id}&incident_id=9`);
  expect(draft).toMatchObject({ title: "API", impact: "critical", affected: [{ kind: "service", id: 2, state: "down" }] });
  const id = await bench.data<number>(alice, "POST /page-incident", { ...draft, text: "We **look**.", notify: true });
  await bench.data(alice, `POST /page-incident/${id}/update`, { status: "identified", text: "A disk.", notify: true });
  await bench.outbox.start();
  await vi.waitFor(async () => {
    bench.clock.advance(1_000);
    const left = await bench.data<unknown[]>(alice, `GET /page-subscriber?page_id=${page_id}`);
    expect([bench.mails.length, left.length]).toEqual([1, 1]);
  }, WAIT);
  expect(bench.mails[0]).toMatchObject({
    to: "reader@example.com",
    subject: "2 Nachrichten von Fleet",
    headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  });
  expect(bench.mails[0]?.text).toContain("Ursache gefunden: API");
  expect(await bench.data<{ address: string }[]>(alice, `GET /page-subscriber?page_id=${page_id}`)).toMatchObject([
    { address: "reader@example.com" },
  ]);
  await bench.data(alice, `POST /page-incident/${id}/update`, { status: "resolved", text: "" });
  expect(await bench.data(alice, `GET /page-incident?page_id=${page_id}`)).toMatchObject([
    {
      status: "resolved",
      incident_id: 9,
      updates: [{ html: "" }, { html: "<p>A disk.</p>\n" }, { html: "<p>We <strong>look</strong>.</p>\n" }],
    },
  ]);
});

test("of others' incidents, pages and subscribers nobody learns", async () => {
  const page_id = await pageWithMail();
  const id = await bench.data<number>(alice, "POST /page-incident", { page_id, title: "x" });
  for (const request of [
    `GET /page-incident?page_id=${page_id}`,
    `GET /page-subscriber?page_id=${page_id}`,
    `GET /page-maintenance?page_id=${page_id}`,
  ])
    expect(await bench.refusal(bob, request)).toBe(`status page id ${page_id} does not exist`);
  expect(await bench.refusal(bob, `POST /page-incident/${id}/update`, { status: "resolved" })).toBe(
    `page incident id ${id} does not exist`,
  );
  expect(await bench.refusal(bob, "POST /batch-delete/page-incident", [id])).toBe("permission denied");
});

test("planned work is a maintenance window, and goes with its page", async () => {
  const page_id = await pageWithMail();
  const plan = { kind: "once", from: "2026-03-10T11:00:00Z", to: "2026-03-10T13:00:00Z" };
  const body = { page_id, title: "Kernel", plan, affected: [{ kind: "service", id: 2 }], silence: true };
  await bench.data(alice, "POST /page-maintenance", body);
  const windows = () => bench.temporary.database.kysely.selectFrom("wf_maintenance_windows").selectAll().execute();
  expect(await windows()).toMatchObject([{ name: "Kernel", owner_id: ALICE.id, services: "[2]", servers: "[]", silence: 1 }]);
  expect(await bench.data(alice, `GET /page-maintenance?page_id=${page_id}`)).toMatchObject([
    { running: true, silence: true, window_id: 1 },
  ]);
  expect(await bench.data(alice, "GET /status-page")).toMatchObject([{ indicator: "maintenance" }]);
  expect(await bench.refusal(alice, "POST /page-maintenance", { ...body, affected: [{ kind: "service", id: 1 }] })).toBe(
    "affected.0.id: service id 1 is not on the page",
  );
  await bench.data(alice, "POST /batch-delete/status-page", [page_id]);
  expect(await windows()).toEqual([]);
});
