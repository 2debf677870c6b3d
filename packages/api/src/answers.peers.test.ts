import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import * as api from "./index.ts";

const shared = process.env["WINDFIRE_SHARED"] ?? resolve(dirname(fileURLToPath(import.meta.url)), "../../../../shared");

/** Routes with an answer worth checking, by method and path below /api/v1. */
const ANSWERS: readonly (readonly [RegExp, z.ZodType])[] = [
  [/^GET \/setting$/, api.SettingView],
  [/^GET \/profile$/, api.Profile],
  [/^GET \/server$/, z.array(api.Server)],
  [/^GET \/server-group$/, z.array(api.ServerGroup)],
  [/^GET \/service$/, api.ServicesOverview],
  [/^GET \/service\/server$/, z.array(api.uint64)],
  [/^GET \/service\/list$/, z.array(api.Service)],
  [/^GET \/service\/\d+\/history$/, api.ServiceHistory],
  [/^GET \/server\/\d+\/service$/, api.ServerServiceHistories],
  [/^GET \/server\/\d+\/metrics$/, api.ServerMetrics],
  [/^GET \/notification$/, z.array(api.Notification)],
  [/^GET \/notification-group$/, z.array(api.NotificationGroup)],
  [/^GET \/alert-rule$/, z.array(api.AlertRule)],
  [/^GET \/cron$/, z.array(api.Cron)],
  [/^GET \/ddns$/, z.array(api.DdnsProfile)],
  [/^GET \/ddns\/providers$/, api.DdnsProviders],
  [/^GET \/nat$/, z.array(api.NatProfile)],
  [/^GET \/transfer$/, z.array(api.Transfer)],
  [/^GET \/user$/, z.array(api.User)],
  [/^GET \/waf$/, api.WafPage],
  [/^GET \/api-tokens$/, z.array(api.ApiToken)],
  [/^POST \/login$/, api.LoginResponse],
  [/^POST \/refresh-token$/, api.LoginResponse],
  [/^POST \/api-tokens$/, api.ApiTokenCreated],
  [/^POST \/terminal$/, api.TerminalSession],
  [/^POST \/file$/, api.FileSession],
  [/^POST \/force-update\/server$/, api.DeliveryReport],
  [/^POST \/server\/config$/, api.DeliveryReport],
  [/^POST \/batch-move\/server$/, z.array(api.MoveResult)],
  [/^POST \/transfer\/\d+\/(cancel|retry)$/, api.Transfer],
  [/^POST \/(cron|service|nat|ddns|user|alert-rule|notification|server-group|notification-group)$/, api.CreatedId],
];

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

function schemaOf(route: string): z.ZodType | undefined {
  return ANSWERS.find(([pattern]) => pattern.test(route))?.[1];
}

/** Address and body of a DDNS webhook were shown by the recorded version, and are not any more (spec 11 section 10.1, after 2.3.7). */
function shownNow(row: unknown): unknown {
  if (Array.isArray(row)) return row.map(shownNow);
  if (typeof row !== "object" || row === null || !("webhook_method" in row)) return row;
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== "webhook_url" && name !== "webhook_request_body"));
}

/** Parses, and sees that nothing was dropped. */
function check(schema: z.ZodType, data: unknown, where: string): void {
  const result = schema.safeParse(data);
  expect(result.error?.issues, where).toBeUndefined();
  expect(result.data, where).toEqual(shownNow(data));
}

interface Recorded {
  path: string;
  body?: { data?: unknown };
}

test.each(["nezha-1.14.14", "nezha-2.3.7", "nezha-2.3.7-tsdb"])("answers of the installation %s", (fixture) => {
  const folder = join(shared, "fixtures", fixture, "expected");
  const seen = new Set<z.ZodType>();
  for (const file of readdirSync(folder)) {
    const answers = json(join(folder, file));
    for (const { path, body } of Array.isArray(answers) ? (answers as Recorded[]) : []) {
      const schema = schemaOf(`GET ${path.replace(/\?.*/, "")}`);
      if (schema === undefined || body?.data === undefined) continue;
      seen.add(schema);
      check(schema, putBack(schema, body.data), `${file} ${path}`);
    }
  }
  expect(seen.size).toBeGreaterThan(10);
});

/**
 * Puts back what the recording took out because no two runs share it. The reference writes `null` for no points, we write `[]`
 * (spec 11 section 5).
 */
function putBack(schema: z.ZodType, data: unknown): unknown {
  const filled: unknown = JSON.parse(JSON.stringify(data).replaceAll('"data_points":null', '"data_points":[]'));
  if (schema === api.WafPage) return { ...(filled as object), pagination: { limit: 100 } };
  if (schema !== api.ServicesOverview) return filled;
  for (const stats of Object.values((filled as api.ServicesOverview).cycle_transfer_stats ?? {})) {
    Object.assign(stats, { from: "2026-11-01T00:00:00+08:00", to: "2026-12-01T00:00:00+08:00" });
  }
  return filled;
}

test.each(["nezha-1.14.14", "nezha-2.3.7", "nezha-2.3.7-tsdb"])("first live frames of the installation %s", (fixture) => {
  const folder = join(shared, "fixtures", fixture, "expected");
  let frames = 0;
  for (const file of readdirSync(folder)) {
    const answers = json(join(folder, file));
    for (const { path, body } of Array.isArray(answers) ? (answers as Recorded[]) : []) {
      if (path !== "ws:/ws/server" || body === undefined || "error" in body) continue;
      check(api.LiveFrame, { now: 1_795_424_400_000, ...body }, `${file} ${path}`);
      frames++;
    }
  }
  expect(frames).toBeGreaterThan(0);
});

interface Step {
  step: string;
  request?: { method: string; path: string };
  status?: number;
  body?: { data?: unknown };
}

/** Placeholders of the recording as values again: `<server:3>` is 3, `<seconds>` a number; times and secrets are texts anyway. */
function restore(data: unknown): unknown {
  const text = JSON.stringify(data)
    .replaceAll(/"<[a-z-]+:(\d+)>":/g, '"$1":')
    .replaceAll(/"<(?!uuid|agent-secret)[a-z-]+:(\d+)>"/g, "$1")
    .replaceAll(/"<(seconds|ms|job)>"/g, "1");
  return JSON.parse(text);
}

/** Scenarios also record answers reduced to what they are about; whole rows have their creation time. */
function isWhole(route: string, data: unknown): boolean {
  const first: unknown = Array.isArray(data) ? data[0] : data;
  if (typeof first !== "object" || first === null) return !route.startsWith("GET");
  if (/^GET \/(service|setting|service\/\d+\/history|server\/\d+\/(service|metrics)|service\/server|ddns\/providers)$/.test(route))
    return false;
  return !route.startsWith("GET") || "created_at" in first || "group" in first;
}

test.each(["default", "plus"])("recorded scenarios of the profile %s", (profile) => {
  const folder = join(shared, "replay/golden", profile);
  let checked = 0;
  for (const file of readdirSync(folder)) {
    const { steps } = json(join(folder, file)) as { steps: Step[] };
    for (const { step, request, status, body } of steps) {
      if (request === undefined || status !== 200 || body?.data === undefined) continue;
      const route = `${request.method} ${request.path
        .replace("/api/v1", "")
        .replace(/\?.*/, "")
        .replaceAll(/<[a-z-]+:(\d+)>/g, "$1")}`;
      const schema = schemaOf(route);
      if (schema === undefined || !isWhole(route, body.data)) continue;
      check(schema, restore(body.data), `${file} ${step}`);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(profile === "default" ? 100 : 0);
});
