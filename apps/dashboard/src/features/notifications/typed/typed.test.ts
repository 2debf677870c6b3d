import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refuse, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { Answer, RouteCaller } from "#platform/http/testing";
import { OutboundError } from "#platform/outbound";
import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import { createSealing } from "#platform/sealing";
import { CHANNEL_KINDS } from "../channels/registry.ts";
import { createNotifications } from "../index.ts";
import type { Notifications } from "../index.ts";

const admin: User = { id: 1, username: "admin", role: ROLE.admin };
const alice: User = { id: 2, username: "alice", role: ROLE.member };
const bob: User = { id: 3, username: "bob", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });
const TOKEN = "123:s3cr3t-bot-token";
const TELEGRAM = { name: "ops", kind: "telegram", settings: { token: TOKEN, chat_id: "-100" }, skip_check: true };

let temporary: TemporaryDatabase;
let room: Notifications;
let call: RouteCaller;
let outbox: Outbox;
let sent: OutboundRequest[];
let answers: (request: OutboundRequest) => OutboundAnswer;
let logged: string[];
let key: Uint8Array;
let clock: ReturnType<typeof createFakeClock>;

async function open(): Promise<void> {
  outbox = createOutbox({ clock, database: temporary.database, onError: (error) => expect.fail(String(error)) });
  const log = (text: string, details?: object): void => void logged.push(`${text} ${JSON.stringify(details)}`);
  room = await createNotifications({
    database: temporary.database,
    audit: createAuditLog({ database: temporary.database, now: clock.now }),
    outbox,
    clock,
    now: clock.now,
    outbound: {
      connect: () => Promise.reject(new OutboundError("unreachable", "nobody there")),
      send: async (request) => {
        sent.push(request);
        return answers(request);
      },
    },
    server: () => undefined,
    formatDateTime: (ms) => new Date(ms).toISOString(),
    translate: (id, ...args) => {
      const rest = [...args];
      return id.replaceAll(/%[ds]/g, () => String(rest.shift()));
    },
    sealing: createSealing(key),
    ownsEverything: (id) => id === admin.id,
    site: () => "https://monitor.example.org",
    requireRoom: (user, rows) => {
      if (user.role !== ROLE.admin && rows >= 2) throw refuse("too many rows: at most %d of one kind", 2);
    },
    groupCascades: [],
    log: { info: log, warn: log },
  });
  await outbox.start();
  call = createRouteCaller(room.routes);
}

beforeEach(async () => {
  clock = createFakeClock();
  temporary = await openTemporaryDatabase({ clock });
  [sent, logged] = [[], []];
  key = new Uint8Array(32).fill(1);
  answers = () => ({ status: 200, reason: "OK", body: '{"ok":true}' });
  await open();
});
afterEach(async () => {
  await outbox.stop();
  await temporary.remove();
});

const post = (user: User, form: object): Promise<Answer> => call(session(user), "POST /notification-channel", form);
const patch = (user: User, id: number, form: object): Promise<Answer> => call(session(user), `PATCH /notification-channel/${id}`, form);
const list = async (user: User): Promise<Record<string, unknown>[]> =>
  ((await call(session(user), "GET /notification-channel")) as { data: Record<string, unknown>[] }).data;
const row = (id: number) =>
  temporary.database.kysely.selectFrom("notifications").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
/** Every text that lies in the tables that are ours. */
const ours = async (): Promise<string> => {
  const { kysely } = temporary.database;
  const tables = ["wf_channels", "wf_notification_options", "wf_audit", "wf_outbox"] as const;
  return JSON.stringify(await Promise.all(tables.map((table) => kysely.selectFrom(table).selectAll().execute())));
};
const settled = async (): Promise<void> =>
  vi.waitFor(async () => {
    expect((await outbox.stats()).sending).toBe(0);
    const due = await outbox.find({ topic: "notification", states: ["waiting", "sending"] }, 1_000);
    expect(due.filter(({ nextTryAt }) => nextTryAt <= clock.now())).toEqual([]);
  });
const tick = async (seconds: number): Promise<void> => {
  clock.advance(seconds * 1000);
  await settled();
};
const group = async (...members: number[]): Promise<void> => {
  await call(session(admin), "POST /notification-group", { name: "g", notifications: members });
};
const raise = async (server: number, over: object = {}): Promise<void> => {
  const of = { groupId: 1, pair: `alert 1 ${server}`, event: `alert 1 ${server} 1` };
  const facts = { subject: `web-${server}`, rule: "CPU", value: "97 %", limit: "90 %" };
  const notice = { text: `[Incident] web-${server}: CPU`, severity: "critical", facts, ...over } as const;
  await temporary.database.change((tx, changes) => room.deliveries.raise(tx, changes, of, notice));
};
const clear = async (server: number): Promise<void> => {
  const of = { groupId: 1, pair: `alert 1 ${server}`, event: `alert 1 ${server} 1` };
  const notice = { text: `[Resolved] web-${server}: CPU`, severity: "critical" } as const;
  await temporary.database.change((tx, changes) => room.deliveries.clear(tx, changes, of, notice));
};
const fates = async (): Promise<string[]> =>
  (await outbox.find({ topic: "notification" }, 1_000)).map(({ kind, state }) => `${kind} ${state}`).toReversed();
const textOf = (request: OutboundRequest | undefined): string => (JSON.parse(String(request?.body ?? "{}")) as { text: string }).text;

test("every kind is described by a schema that says what is secret", async () => {
  const { data } = (await call(session(alice), "GET /notification-kind")) as { data: Record<string, unknown>[] };
  expect(data.map(({ kind }) => kind)).toEqual(CHANNEL_KINDS.map(({ kind }) => kind));
  const telegram = data.find(({ kind }) => kind === "telegram");
  expect(telegram).toMatchObject({
    name: "Telegram",
    secrets: ["token"],
    usual_title: "#SUMMARY#",
    schema: {
      type: "object",
      properties: {
        token: { type: "string", title: "Bot token", writeOnly: true },
        server: { format: "uri", default: "https://api.telegram.org" },
        silent: { type: "boolean", default: false },
      },
      required: ["token", "chat_id"],
    },
  });
  expect(data.find(({ kind }) => kind === "webpush")?.["application_server_key"]).toMatch(/^B[\w-]{86}$/);
});

test("secrets go in and never come out: not in lists, nor in the audit log, nor sealed as they were", async () => {
  expect(await post(alice, TELEGRAM)).toEqual({ data: 1 });
  expect(await post(alice, { ...TELEGRAM, kind: "matrix", settings: { server: "https://hs.test", room: "!r", token: TOKEN } })).toEqual({
    data: 2,
  });
  const [first, second] = await list(alice);
  expect(first).toMatchObject({ id: 1, kind: "telegram", secrets: ["token"], settings: { chat_id: "-100" } });
  expect(second).toMatchObject({ id: 2, kind: "matrix", secrets: ["token"] });
  for (const path of ["GET /notification-channel", "GET /notification"])
    expect(JSON.stringify(await call(session(alice), path))).not.toContain("s3cr3t");
  expect(await ours()).not.toContain("s3cr3t");
  expect(await list(bob)).toEqual([]);
});

test("the row that other programs know is the equivalent webhook, or leads nowhere", async () => {
  await post(alice, TELEGRAM);
  await post(alice, { ...TELEGRAM, kind: "pagerduty", settings: { routing_key: "s3cr3t-key" } });
  expect(await row(1)).toMatchObject({
    name: "ops",
    user_id: alice.id,
    url: `https://api.telegram.org/bot${TOKEN}/sendMessage`,
    request_method: 2,
    request_type: 1,
    request_header: "",
    request_body: expect.stringContaining('"text":"#NEZHA#"') as string,
    verify_tls: 1,
  });
  expect(await row(2)).toMatchObject({ url: "https://pagerduty.invalid/", request_body: "" });
});

test("every kind that may be sent as a plain webhook has the message in it, once", async () => {
  const { plainWebhook } = await import("./projection.ts");
  const { parseSettings } = await import("./settings.ts");
  const context = { derive: createSealing(key).derive, site: "" };
  const settings: Record<string, object> = {
    slack: { url: "https://h/1" },
    twilio: { account: "AC1", token: "t", from: "+1", to: "+2" },
    zulip: { server: "https://z", bot: "b", key: "k", to: "ops" },
    ntfy: { topic: "t", token: "tk" },
    dingtalk: { token: "t" },
  };
  for (const kind of CHANNEL_KINDS.filter(({ kind: name }) => name in settings)) {
    const columns = plainWebhook(kind, parseSettings(kind, settings[kind.kind] as Record<string, unknown>), context);
    expect(columns.requestBody.split("#NEZHA#"), kind.kind).toHaveLength(2);
    expect(columns.requestType).toBe(["twilio", "zulip"].includes(kind.kind) ? 2 : 1);
  }
});

test("a channel edited elsewhere is a plain webhook, says what it was, and can be brought back", async () => {
  await post(alice, TELEGRAM);
  const { kysely } = temporary.database;
  await kysely
    .updateTable("notifications")
    .set({ url: "https://elsewhere.example/", request_body: "#NEZHA#" })
    .where("id", "=", 1)
    .execute();
  await outbox.stop();
  await open();
  expect(await list(alice)).toMatchObject([{ id: 1, kind: "", edited_elsewhere: "telegram" }]);
  await group(1);
  await raise(1);
  await settled();
  expect(sent).toMatchObject([{ url: "https://elsewhere.example/", body: "[Incident] web-1: CPU" }]);
  expect(await patch(alice, 1, { kind: "telegram", skip_check: true })).toEqual({ data: null });
  expect(await list(alice)).toMatchObject([{ id: 1, kind: "telegram", secrets: ["token"] }]);
  expect((await list(alice))[0]).not.toHaveProperty("edited_elsewhere");
});

test("an official console that renames a channel leaves its kind alone; one that changes it takes it", async () => {
  await post(alice, TELEGRAM);
  const [shown] = ((await call(session(alice), "GET /notification")) as { data: object[] }).data;
  expect(await call(session(alice), "PATCH /notification/1", { ...shown, name: "renamed" })).toEqual({ data: null });
  expect(textOf(sent[0])).toBe("a test message");
  expect(await list(alice)).toMatchObject([{ name: "renamed", kind: "telegram" }]);
  await call(session(alice), "PATCH /notification/1", { ...shown, request_body: "#NEZHA#", skip_check: true });
  expect(await list(alice)).toMatchObject([{ kind: "", edited_elsewhere: "telegram" }]);
});

test("what is left out of an edit stays, secrets too; they do not follow a server to another host or another kind", async () => {
  const ntfy = { name: "n", kind: "ntfy", settings: { server: "https://ntfy.example", topic: "t", token: TOKEN }, skip_check: true };
  await post(alice, ntfy);
  const settings = { server: "https://ntfy.example/", topic: "other" };
  expect(await patch(alice, 1, { settings, skip_check: false })).toEqual({ data: null });
  expect(sent[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
  expect(await patch(alice, 1, { settings: { ...settings, server: "https://evil.example" } })).toEqual({
    error: "settings.token: enter it again, because server names another host",
  });
  expect(await patch(alice, 1, { kind: "gotify", settings: { server: "https://ntfy.example" } })).toEqual({
    error: "settings.token: must be given",
  });
  expect(sent).toHaveLength(1);
  expect(await patch(alice, 1, { name: "n2", skip_check: true })).toEqual({ data: null });
  expect(await list(alice)).toMatchObject([{ name: "n2", kind: "ntfy", settings: { topic: "other" }, secrets: ["token"] }]);
});

test("a test message that is refused says why, and nothing is saved", async () => {
  answers = () => ({ status: 400, reason: "Bad Request", body: `{"ok":false,"description":"chat not found for bot${TOKEN}"}` });
  const refusal = { error: "400 Bad Request: chat not found for bot•••" };
  expect(await post(alice, { ...TELEGRAM, skip_check: false })).toEqual(refusal);
  expect(await call(session(alice), "POST /notification-channel/test", { kind: "telegram", settings: TELEGRAM.settings })).toEqual(refusal);
  expect(await list(alice)).toEqual([]);
  await post(alice, TELEGRAM);
  expect(await call(session(alice), "POST /notification-channel/test", { id: 1 })).toEqual(refusal);
  expect(await patch(alice, 1, { name: "x" })).toEqual(refusal);
  expect(await list(alice)).toMatchObject([{ name: "ops" }]);
});

test("a channel is its owner's and the administrators'", async () => {
  await post(alice, TELEGRAM);
  sent = [];
  expect(await patch(bob, 1, { name: "x" })).toEqual({ error: "notification id 1 does not exist" });
  expect(await call(session(bob), "POST /notification-channel/test", { id: 1 })).toEqual({ error: "notification id 1 does not exist" });
  expect(await patch(alice, 9, { name: "x" })).toEqual({ error: "notification id 9 does not exist" });
  expect(sent).toEqual([]);
  expect(await patch(admin, 1, { name: "x", skip_check: true })).toEqual({ data: null });
  await post(alice, TELEGRAM);
  expect(await post(alice, TELEGRAM)).toEqual({ error: "too many rows: at most 2 of one kind" });
});

test.each([
  [{ kind: "pigeon", settings: {} }, 'kind: there is no kind of channel "pigeon"'],
  [{ settings: { token: "a" } }, "kind: must be named where there are settings"],
  [{ name: "x" }, "kind: must not be empty"],
  [{ kind: "slack", settings: { url: "ftp://x" } }, "settings.url: must be a URL that begins with http:// or https://"],
  [{ kind: "telegram", settings: { token: "", chat_id: "1" } }, "settings.token: must not be empty"],
  [{ kind: "email", settings: { host: "h", port: 70_000, from: "a", to: "b" } }, "settings.port: must be at most 65535"],
  [{ kind: "webhook", settings: { url: "https://x/", headers: "no colon" } }, "settings.headers: must be lines of the form Name: value"],
  [{ kind: "slack", settings: { url: "https://x/", extra: "y".repeat(200_000) } }, "settings: must have at most 131072 bytes"],
])("%j is refused by name", async (form, error) => {
  expect(await post(alice, { ...form, skip_check: true })).toEqual({ error });
  expect(await list(alice)).toEqual([]);
});

test("only administrators' channels may go where the configuration allows", async () => {
  await post(alice, { ...TELEGRAM, skip_check: false });
  await post(admin, { ...TELEGRAM, skip_check: false });
  expect(sent.map(({ trusted }) => trusted)).toEqual([false, true]);
  await patch(admin, 1, { name: "still alice's" });
  expect(sent.at(-1)?.trusted).toBe(false);
});

test("with another key a channel is shown without its secrets, gives its messages up, and works again once they were entered", async () => {
  await post(admin, TELEGRAM);
  await group(1);
  await outbox.stop();
  key = new Uint8Array(32).fill(2);
  await open();
  expect(await list(admin)).toMatchObject([{ kind: "telegram", secrets: [], settings: { chat_id: "-100" } }]);
  await raise(1);
  await tick(10);
  const [dead] = await outbox.find({ topic: "notification" }, 1);
  expect(dead).toMatchObject({ state: "dead", lastError: "its secrets were stored with another windfire.key: enter them again" });
  expect(sent).toEqual([]);
  expect(await patch(admin, 1, { settings: TELEGRAM.settings, skip_check: true })).toEqual({ data: null });
  await settled();
  expect(await fates()).toEqual(["incident sent"]);
});

test("what is left of channels that somebody else deleted goes at the next start", async () => {
  await post(admin, TELEGRAM);
  await patch(admin, 1, { options: { per_minute: 5 }, skip_check: true });
  await temporary.database.kysely.deleteFrom("notifications").execute();
  await outbox.stop();
  await open();
  const { kysely } = temporary.database;
  expect(await kysely.selectFrom("wf_channels").selectAll().execute()).toEqual([]);
  expect(await kysely.selectFrom("wf_notification_options").selectAll().execute()).toEqual([]);
});

test("45 servers that go down at once are one message that names and counts them, and 45 rows that come to their own ends", async () => {
  await post(admin, TELEGRAM);
  await group(1);
  for (let server = 1; server <= 45; server++) await raise(server);
  await tick(9);
  expect(sent).toEqual([]);
  await tick(1);
  expect(sent).toHaveLength(1);
  const lines = textOf(sent[0]).split("\n");
  expect(lines[0]).toBe("45 messages: CPU");
  expect(lines[1]).toBe("1 of 45: [Incident] web-1: CPU");
  expect(lines.at(-1)).toBe("45 of 45: [Incident] web-45: CPU");
  expect(await fates()).toEqual(Array.from({ length: 45 }, () => "incident sent"));
});

test("a recovery within the window makes its own incident needless and leaves the others", async () => {
  await post(admin, TELEGRAM);
  await group(1);
  for (const server of [1, 2, 3]) await raise(server);
  await clear(2);
  await tick(10);
  expect(textOf(sent[0])).toBe("2 messages: CPU\n1 of 2: [Incident] web-1: CPU\n2 of 2: [Incident] web-3: CPU");
  expect(await fates()).toEqual(["incident sent", "incident cancelled", "incident sent"]);
});

test("a message that failed as one is tried again as one, with what came since; each row books its own attempts", async () => {
  await post(admin, TELEGRAM);
  await group(1);
  answers = () => ({ status: 500, reason: "Internal Server Error", body: "" });
  await raise(1);
  await raise(2);
  await tick(10);
  answers = () => ({ status: 200, reason: "OK", body: "{}" });
  await raise(3);
  await tick(10);
  expect(textOf(sent[1])).toContain("web-3");
  await tick(20);
  expect(textOf(sent[2])).toContain("2 of 2: [Incident] web-2: CPU");
  const attempts = (await outbox.find({ topic: "notification" }, 10)).map((message) => message.attempts).toReversed();
  expect(attempts).toEqual([2, 2, 1]);
});

test("a single message in a window is said whole, with its facts", async () => {
  await post(admin, TELEGRAM);
  await group(1);
  const since = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const facts = { subject: "web-1", rule: "CPU", value: "97 %", limit: "90 %", since, note: "rack 4", path: "/dashboard/incident/7" };
  await raise(1, { facts });
  await tick(10);
  expect(textOf(sent[0])).toBe(
    [
      "[Incident] web-1: CPU",
      "Value: 97 %",
      "Limit: 90 %",
      "Since: 2026-01-02T03:04:05.000Z",
      "Note: rack 4",
      "https://monitor.example.org/dashboard/incident/7",
    ].join("\n"),
  );
});

test("a channel has its own texts, and a preview of them with invented values", async () => {
  const options = { title: "#SEVERITY#: #SUBJECT#", body: "#RULE# is #VALUE#\nroom #NOTE#\n#UNKNOWN#" };
  await post(admin, { ...TELEGRAM, options });
  await group(1);
  await raise(1);
  await tick(10);
  expect(textOf(sent[0])).toBe("critical: web-1\nCPU is 97 %");
  const preview = (form: object): Promise<Answer> => call(session(alice), "POST /notification-channel/preview", form);
  expect(await preview(options)).toEqual({ data: { title: "critical: web-1", text: "CPU is 97 %\nroom rack 4" } });
  expect(await preview({ kind: "pigeon" })).toEqual({ error: 'kind: there is no kind of channel "pigeon"' });
  const many = (await preview({ kind: "telegram", count: 45 })) as { data: { title: string; text: string } };
  expect(many.data.title).toBe("45 messages: CPU");
  expect(many.data.text).toContain("45 of 45: [Incident] web-45 (198.****.7): CPU");
  const short = (await preview({ kind: "twilio", count: 200 })) as { data: { title: string; text: string } };
  expect(short.data.text).toMatch(/^web-1, web-2, /);
  expect(short.data.title.length + 1 + short.data.text.length).toBeLessThanOrEqual(1600);
});

test("a channel gets what is urgent enough for it, and the end of what it was told", async () => {
  await post(admin, { ...TELEGRAM, options: { least_severity: "warning", group_seconds: 0 } });
  await group(1);
  await raise(1, { severity: "info" });
  await raise(2, { severity: "warning" });
  await settled();
  await clear(1);
  await clear(2);
  await settled();
  await temporary.database.change((tx, changes) => room.deliveries.tell(tx, changes, 1, { text: "a task ran" }));
  await settled();
  expect(sent.map((request) => textOf(request).split("\n")[0])).toEqual(["[Incident] web-2: CPU", "[Resolved] web-2: CPU"]);
});

test("a channel that was told that a service is down hears on until it is well, and nothing of what is less urgent after", async () => {
  await post(admin, { ...TELEGRAM, options: { least_severity: "critical", group_seconds: 0 } });
  await group(1);
  const states = [
    ["low", "warning"],
    ["down", "critical"],
    ["low again", "warning"],
    ["good", "info"],
    ["low once more", "warning"],
    ["good again", "info"],
  ] as const;
  for (const [text, severity] of states) {
    const notice = { text, severity, ends: severity === "info" };
    await temporary.database.change((tx, changes) => room.deliveries.tellState(tx, changes, 1, "service 3", notice));
    await settled();
  }
  expect(sent.map(textOf)).toEqual(["down", "low again", "good"]);
});

test("what comes faster than a channel's limit is gathered into the next message", async () => {
  await post(admin, { ...TELEGRAM, options: { group_seconds: 1, per_minute: 2 } });
  await group(1);
  for (const server of [1, 2, 3, 4, 5]) {
    await raise(server);
    await tick(1);
  }
  expect(sent).toHaveLength(2);
  await tick(56);
  expect(sent).toHaveLength(3);
  expect(textOf(sent[2])).toContain("3 of 3: [Incident] web-5: CPU");
  expect((await outbox.find({ topic: "notification" }, 10)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
});

test("a service that wants to be left alone is, by everything that waits for it", async () => {
  await post(admin, { ...TELEGRAM, options: { group_seconds: 0 } });
  await group(1);
  answers = () => ({ status: 429, reason: "Too Many Requests", body: "{}", retryAfter: "120" });
  await raise(1);
  await settled();
  answers = () => ({ status: 200, reason: "OK", body: "{}" });
  await raise(2);
  await settled();
  await tick(119);
  expect(sent).toHaveLength(1);
  await tick(1);
  expect(sent).toHaveLength(3);
});

test("a plain webhook goes on as before: nothing gathered, nothing held, unless its owner wants it", async () => {
  const raw = { name: "hook", url: "https://hook.test/", request_method: 2, request_type: 1, request_body: "#NEZHA#", skip_check: true };
  await call(session(admin), "POST /notification", raw);
  await group(1);
  for (const server of [1, 2]) await raise(server);
  await settled();
  expect(sent.map(({ body }) => body)).toEqual(["[Incident] web-1: CPU", "[Incident] web-2: CPU"]);
  expect(await list(admin)).toMatchObject([{ kind: "", options: { group_seconds: 0, per_minute: 0, least_severity: "info" } }]);
  expect(await patch(admin, 1, { options: { group_seconds: 10 } })).toEqual({ data: null });
  for (const server of [3, 4]) await raise(server);
  await tick(10);
  expect(sent[2]?.body).toBe("2 messages: CPU\\n1 of 2: [Incident] web-3: CPU\\n2 of 2: [Incident] web-4: CPU");
  expect(await row(1)).toMatchObject({ url: "https://hook.test/", request_body: "#NEZHA#" });
});

test("services that count incidents by themselves get each one", async () => {
  await post(admin, { ...TELEGRAM, kind: "pagerduty", settings: { routing_key: "s3cr3t-key" }, options: { group_seconds: 60 } });
  await group(1);
  for (const server of [1, 2]) await raise(server);
  await settled();
  await clear(1);
  await settled();
  const events = sent.map(({ body }) => JSON.parse(String(body)) as { event_action: string; dedup_key: string });
  expect(events.map(({ event_action }) => event_action)).toEqual(["trigger", "trigger", "resolve"]);
  expect(events[2]?.dedup_key).toBe(events[0]?.dedup_key);
});

test.each([
  ["pagerduty", { routing_key: "s3cr3t-key" }],
  ["opsgenie", { key: "s3cr3t-key" }],
])("%s hears that a service is well again as the end of what it opened for it", async (kind, settings) => {
  await post(admin, { ...TELEGRAM, kind, settings });
  await group(1);
  for (const [text, ends] of [
    ["down", false],
    ["low", false],
    ["good", true],
  ] as const) {
    const notice = { text, severity: "critical", ends } as const;
    await temporary.database.change((tx, changes) => room.deliveries.tellState(tx, changes, 1, "service 3", notice));
    await settled();
  }
  const asked = sent.map(({ url, body }) => {
    const { event_action, dedup_key, alias } = JSON.parse(String(body)) as Readonly<Record<string, string | undefined>>;
    const named = dedup_key ?? alias ?? /alerts\/(\w+)\/close/.exec(url)?.[1];
    return { named, ends: event_action === "resolve" || url.includes("/close") };
  });
  expect(asked.map(({ ends }) => ends)).toEqual([false, false, true]);
  expect(new Set(asked.map(({ named }) => named)).size).toBe(1);
});

test("neither log nor outbox ever holds a secret, whatever a service answers", async () => {
  await post(admin, { ...TELEGRAM, options: { group_seconds: 0 } });
  await group(1);
  answers = ({ url }) => ({ status: 500, reason: "Internal Server Error", body: `{"description":"POST ${url} failed for ${TOKEN}"}` });
  await raise(1);
  await settled();
  expect(logged.join("\n")).toContain("notification failed");
  expect(logged.join("\n")).not.toContain("s3cr3t");
  expect(await ours()).not.toContain("s3cr3t");
});

test("an edit that comes back after the channel went does not bring it back", async () => {
  await post(alice, TELEGRAM);
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = promise.then(() => ({ status: 200, reason: "OK", body: "{}" }));
  answers = () => held as unknown as OutboundAnswer;
  const editing = patch(alice, 1, { name: "late" });
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  await call(session(alice), "POST /batch-delete/notification", [1]);
  resolve();
  expect(await editing).toEqual({ error: "notification id 1 does not exist" });
  expect(await temporary.database.kysely.selectFrom("wf_channels").selectAll().execute()).toEqual([]);
});
