import { systemClock } from "@windfire/kit";
import { expect, onTestFinished, test } from "vitest";
import { openDashboardBench } from "./compose/testing/index.ts";

test("who has one address of a /64 has all of them: readers of a page neither begin anew with each nor have more than two passwords wait", async () => {
  const bench = await openDashboardBench({ clock: systemClock, config: "web_real_ip_header: x-real-ip\n" });
  onTestFinished(() => bench.close());
  const from = { "content-type": "application/json", "x-real-ip": "192.0.2.1" };
  const { data } = await bench.call("POST", "/api/v1/login", from, { username: "admin", password: "admin-password" });
  const admin = { ...from, authorization: `Bearer ${(data as { token: string }).token}` };
  const locked = { slug: "inner", published: true, title: "Inner", visibility: "password", password: "open sesame" };
  expect((await bench.call("POST", "/api/v1/status-page", admin, locked)).error).toBe("");
  const page = { slug: "main", published: true, title: "Fleet", subscribe_webhook: true };
  expect((await bench.call("POST", "/api/v1/status-page", admin, page)).error).toBe("");
  const ask = async (address: string): Promise<number> => {
    const headers = { "x-real-ip": address, "content-type": "application/x-www-form-urlencoded" };
    return (await fetch(`${bench.base}/status/main/subscribe`, { method: "POST", headers, body: "webhook=none" })).status;
  };
  for (let host = 1; host <= 6; host++) expect(await ask(`2001:db8::${host}`)).toBe(400);
  expect(await ask("2001:db8::7")).toBe(429);
  expect(await ask("2001:db8:0:1::7")).toBe(400);
  const guess = async (): Promise<number> => {
    const headers = { "x-real-ip": "2001:db8:0:2::1", "content-type": "application/x-www-form-urlencoded" };
    return (await fetch(`${bench.base}/status/inner/unlock`, { method: "POST", headers, body: "password=x" })).status;
  };
  const statuses = await Promise.all(Array.from({ length: 8 }, guess));
  // One is compared, two wait; who comes after that takes the place of who waits longest. Far fewer guesses than are paced.
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
});
