import { afterAll, beforeAll, expect, test } from "vitest";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { CallAnswer, DashboardBench } from "./compose/testing/index.ts";

/** Spec 60 section 5: how many bytes the real routes take, of somebody who may. */
const KIB = 1024;
const MIB = 1024 * KIB;
let bench: DashboardBench;
let admin: { readonly authorization: string };
beforeAll(async () => {
  bench = await openDashboardBench();
  admin = await bench.signIn("admin", "admin-password");
});
afterAll(async () => bench.close());

const SETTING = { site_name: "Padded", language: "en_US", user_template: "user-dist" };
/** A body of so many bytes; what is added means nothing to the route. */
const padded = (bytes: number, fields: object): unknown => {
  const bare = JSON.stringify({ ...fields, padding: "" }).length;
  return { ...fields, padding: "x".repeat(bytes - bare) };
};
/** A list of names that no row has, of so many bytes. */
const listed = (bytes: number): unknown => [JSON.stringify([""]).length].map((bare) => "9".repeat(bytes - bare));

test.each<[string, number, (bytes: number) => unknown]>([
  ["PATCH /setting", 8 * MIB, (bytes) => padded(bytes, SETTING)],
  ["POST /cron", 2 * MIB, (bytes) => padded(bytes, { name: "c", task_type: 1, cover: 0 })],
  ["POST /batch-delete/notification", MIB, listed],
  ["POST /login", 16 * KIB, (bytes) => padded(bytes, { username: "admin", password: "admin-password" })],
])("%s takes %d bytes and not one more", async (route, most, bodyOf) => {
  const [method = "", path = ""] = route.split(" ");
  const send = async (bytes: number): Promise<CallAnswer> =>
    bench.call(method, `/api/v1${path}`, { ...admin, "content-type": "application/json" }, bodyOf(bytes));
  expect((await send(most)).status).toBe(200);
  expect((await send(most + 1)).status).toBe(413);
});

test("a settings body of 8 MiB is heard, not only let in", async () => {
  const headers = { ...admin, "content-type": "application/json" };
  expect(await bench.call("PATCH", "/api/v1/setting", headers, padded(8 * MIB, SETTING))).toMatchObject({ status: 200, error: "" });
  expect(await bench.call("GET", "/api/v1/setting", admin)).toMatchObject({ data: { config: { site_name: "Padded" } } });
});
