import { beforeEach, expect, test, vi } from "vitest";
import { createServerDirectory } from "#features/servers";
import { testSettings } from "#features/servers/testing";
import type { Caller } from "#kernel";
import { createRouteCaller } from "#platform/http/testing";
import type { History } from "./model.ts";
import { sparklineRoute } from "./sparkline-routes.ts";
import { sparklinesOf } from "./sparklines.ts";

const GUEST: Caller = { kind: "guest" };
const ADMIN = { kind: "session", user: { id: 1, role: 0 } } as Caller;
const STEP = 120_000;
const NOW = 10_000_000 * STEP + 5_000;
let now: number;
beforeEach(() => {
  now = NOW;
});

function open(count = 3) {
  const settings = Array.from({ length: count }, (_, i) => ({ ...testSettings, id: i + 1, uuid: `uuid-${i + 1}`, hideForGuest: i === 1 }));
  const texts = new Map(settings.map(({ id }) => [id, `[${id},null]`]));
  texts.delete(3);
  const sparklines = vi.fn<History["sparklines"]>(() => Promise.resolve({ from: 1, texts }));
  const call = createRouteCaller([sparklineRoute({ history: { sparklines }, servers: createServerDirectory(settings), now: () => now })]);
  return { call, sparklines };
}

test("everybody has the hour of the servers they may see, read once for all of them", async () => {
  const { call, sparklines } = open();
  expect(await call(GUEST, "GET /server/sparklines?metric=network")).toEqual({ data: { from: 1, step: STEP, servers: { 1: [1, null] } } });
  expect(await call(ADMIN, "GET /server/sparklines?metric=network")).toMatchObject({ data: { servers: { 1: [1, null], 2: [2, null] } } });
  expect(await call(ADMIN, "GET /server/sparklines?metric=network&id=2")).toMatchObject({ data: { servers: { 2: [2, null] } } });
  expect(await call(GUEST, "GET /server/sparklines?metric=network&id=2")).toMatchObject({ data: { servers: { 1: [1, null] } } });
  expect(sparklines.mock.calls).toEqual([[[1, 2, 3], ["net_in_speed", "net_out_speed"], NOW]]);
  now += 31_000;
  await call(GUEST, "GET /server/sparklines?metric=network");
  await call(GUEST, "GET /server/sparklines?metric=cpu");
  expect(sparklines.mock.calls.slice(1).map(([, metrics]) => metrics)).toEqual([["net_in_speed", "net_out_speed"], ["cpu"]]);
});

test("a reading that failed is none: the next caller reads again", async () => {
  const { call, sparklines } = open();
  sparklines.mockRejectedValueOnce(new Error("history: the answer took too long"));
  await expect(call(GUEST, "GET /server/sparklines?metric=cpu")).rejects.toThrow("too long");
  expect(await call(GUEST, "GET /server/sparklines?metric=cpu")).toMatchObject({ data: { from: 1 } });
});

test("only so many servers are read at once", async () => {
  const { call, sparklines } = open(2_001);
  await call(GUEST, "GET /server/sparklines?metric=cpu");
  expect(sparklines.mock.calls[0]?.[0]).toHaveLength(2_000);
});

test("an hour is thirty points of three digits, metrics summed up; half minutes without a report are gaps", async () => {
  const from = Math.floor(NOW / STEP) * STEP - 29 * STEP;
  const query = vi.fn<(question: { group: number }) => Promise<object>>(({ group }) =>
    Promise.resolve(
      group === 7
        ? { starts: Float64Array.of(from, from + 29 * STEP), columns: [Float64Array.of(1000, 2), Float64Array.of(234.5, 0.25)] }
        : { starts: new Float64Array(), columns: [new Float64Array(), new Float64Array()] },
    ),
  );
  const ids = Array.from({ length: 9 }, (_, i) => i + 1);
  const breathe = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const question = { kind: "sparklines", ids, metrics: ["net_in_speed", "net_out_speed"], now: NOW } as const;
  const found = await sparklinesOf({ query: query as never }, question, breathe);
  expect(found).toEqual({ from, texts: new Map([[7, `[1230,${"null,".repeat(28)}2.25]`]]) });
  expect(query).toHaveBeenLastCalledWith(expect.objectContaining({ from, to: NOW, step: STEP }));
  expect(breathe).toHaveBeenCalledTimes(1);
});
