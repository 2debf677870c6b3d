import { expect, test } from "vitest";
import { AlertRuleForm } from "./alert-rule.ts";
import { CronForm } from "./cron.ts";
import { AddressList, IdList } from "./lists.ts";
import { NatForm } from "./nat.ts";
import { NotificationForm } from "./notification.ts";
import { DecimalLiteral } from "./numbers.ts";
import { OAuth2StartQuery } from "./oauth2.ts";
import { ServerPatch } from "./server.ts";
import { ServiceForm } from "./service.ts";
import { TerminalRequest } from "./session.ts";
import { SettingPatch } from "./setting.ts";

test("a body that says nothing is all zero values", () => {
  expect(ServerPatch.parse({})).toEqual({
    name: "",
    note: "",
    public_note: "",
    display_index: 0,
    hide_for_guest: false,
    enable_ddns: false,
    ddns_profiles: [],
    override_ddns_domains: {},
  });
});

test("what was left out of a list that may be null stays null", () => {
  expect(CronForm.parse({}).servers).toBeNull();
  expect(CronForm.parse({ servers: [] }).servers).toEqual([]);
});

test("unknown keys go", () => {
  expect(CronForm.parse({ id: 3, created_at: "x" })).not.toHaveProperty("id");
});

test("null entries are zero values; among the conditions of an alert rule they stay null for the handler to refuse", () => {
  expect(IdList.parse([1, null])).toEqual([1, 0]);
  expect(AddressList.parse([null])).toEqual([""]);
  expect(ServiceForm.parse({ skip_servers: { "1": null } }).skip_servers).toEqual({ "1": false });
  expect(AlertRuleForm.parse({ rules: [null] }).rules).toEqual([null]);
});

test("keys of id maps are rewritten to their shortest form", () => {
  expect(ServiceForm.parse({ skip_servers: { "007": true } }).skip_servers).toEqual({ "7": true });
});

test("only enable_mcp knows that it was left out", () => {
  expect(SettingPatch.parse({}).enable_mcp).toBeUndefined();
  expect(SettingPatch.parse({}).tls).toBe(false);
});

test("unpaired surrogates are replaced", () => {
  expect(ServerPatch.parse({ name: "a\ud800b" }).name).toBe("a\ufffdb");
});

test.each([
  ["name", { name: "x".repeat(257) }],
  ["name", { name: 7 }],
  ["target", { target: "é".repeat(4097) }],
  ["type", { type: 256 }],
  ["duration", { duration: new DecimalLiteral(100) }],
  ["display_index", { display_index: new DecimalLiteral(1.5) }],
  ["max_latency", { max_latency: "5" }],
  ["max_latency", { max_latency: new DecimalLiteral(1e40) }],
  ["notify", { notify: 1 }],
  ["skip_servers", { skip_servers: [] }],
  ["skip_servers", { skip_servers: { a: true } }],
  ["skip_servers", { skip_servers: { "-1": true } }],
  ["skip_servers", { skip_servers: { "18446744073709551616": true } }],
  ["skip_servers", { skip_servers: { "9007199254740993": true } }],
  ["skip_servers", { skip_servers: { "1": 1 } }],
  ["fail_trigger_tasks", { fail_trigger_tasks: {} }],
  ["fail_trigger_tasks", { fail_trigger_tasks: ["1"] }],
  ["fail_trigger_tasks", { fail_trigger_tasks: Array.from({ length: 10_001 }, () => 1) }],
])("a refusal names the field: %s", (field, body) => {
  expect(ServiceForm.safeParse(body).error?.issues[0]?.path[0]).toBe(field);
});

test("lengths are counted in characters for names and in bytes elsewhere", () => {
  expect(ServiceForm.safeParse({ name: "😀".repeat(256) }).success).toBe(true);
  expect(ServiceForm.safeParse({ name: "😀".repeat(257) }).success).toBe(false);
  expect(NotificationForm.safeParse({ request_body: "é".repeat(32 * 1024) }).success).toBe(true);
  expect(NotificationForm.safeParse({ request_body: "é".repeat(32 * 1024 + 1) }).success).toBe(false);
});

test.each([
  ["2026-01-01T00:00:00+08:00", true],
  ["2026-01-01T00:00:00.123456789Z", true],
  ["2026-01-01", false],
  ["2026-01-01T00:00:00", false],
  ["2026-13-01T00:00:00Z", false],
  ["", false],
])("start of a cycle %s", (cycle_start, accepted) => {
  expect(AlertRuleForm.safeParse({ rules: [{ cycle_start }] }).success).toBe(accepted);
});

test.each([
  ["1", true],
  ["255", true],
  ["256", false],
  ["-1", false],
  ["", false],
  ["x", false],
])("purpose of an OAuth2 flow %j", (type, accepted) => {
  expect(OAuth2StartQuery.safeParse({ type }).success).toBe(accepted);
});

test.each([
  ["a list", CronForm, { servers: [1, 9_007_199_254_740_992] }],
  ["a group", CronForm, { notification_group_id: 9_007_199_254_740_992 }],
  ["a group of a service", ServiceForm, { notification_group_id: -1 }],
  ["a server", NatForm, { server_id: 1.5 }],
  ["a server of a terminal", TerminalRequest, { server_id: 9_007_199_254_740_992 }],
])("an id that is not exact is none: %s", (_name, schema, form) => {
  expect(schema.safeParse(form).error?.issues[0]?.message).toBe("must be a row id");
});

test("ids that the lists of one rule name are counted together, texts by id in bytes", () => {
  const listing = (from: number, count: number) => ({
    type: "cpu",
    ignore: Object.fromEntries(Array.from({ length: count }, (_, index) => [String(from + index), true])),
  });
  const refusal = (
    form: { safeParse: (value: unknown) => { error?: { issues: { path: PropertyKey[]; message: string }[] } } },
    body: object,
  ) => {
    const issue = form.safeParse(body).error?.issues[0];
    return issue && `${issue.path.map(String).join(".")}: ${issue.message}`;
  };
  expect(refusal(AlertRuleForm, { rules: [listing(1, 5000), listing(1, 5000)] })).toBeUndefined();
  expect(refusal(AlertRuleForm, { rules: [listing(1, 5000), listing(1, 5001)] })).toBe("rules: must name at most 10000 servers");
  const texts = (count: number) => ({ override_ddns_domains: { "1": Array.from({ length: count }, () => "d".repeat(8000)) } });
  expect(refusal(ServerPatch, texts(32))).toBeUndefined();
  expect(refusal(ServerPatch, texts(33))).toBe("override_ddns_domains: must have at most 262144 bytes");
});
