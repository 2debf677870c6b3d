import { createLateWrites } from "@windfire/kit";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { Deed } from "#platform/audit";
import type { Changes, Queries } from "#platform/database";
import { createFailedSignIns } from "./failed-sign-ins.ts";

function bench() {
  const clock = createFakeClock();
  const lines: Deed[] = [];
  let transactions = 0;
  const lateWrites = createLateWrites({
    onError: (error) => {
      throw error;
    },
  });
  const failed = createFailedSignIns({
    clock,
    database: {
      change: async (work) => {
        transactions++;
        return work({} as Queries, {} as Changes);
      },
    },
    audit: { write: async (_tx, deed) => void lines.push(deed) },
    lateWrites,
  });
  const brief = async () => {
    await lateWrites.settled();
    return lines.splice(0).map(({ actor, key, to }) => [actor.kind, actor.address, key, to]);
  };
  return { clock, failed, brief, transactions: () => transactions };
}

test("wrong sign-ins of one address become one line a minute, with their number", async () => {
  const { clock, failed, brief } = bench();
  for (let count = 0; count < 40; count++) failed.note(1, "203.0.113.9");
  failed.note(2, "203.0.113.10");
  expect(await brief()).toEqual([]);
  clock.advance(60_000);
  expect(await brief()).toEqual([
    ["guest", "203.0.113.9", 1, { attempts: 40 }],
    ["guest", "203.0.113.10", 2, { attempts: 1 }],
  ]);
  clock.advance(600_000);
  expect(await brief()).toEqual([]);
  failed.note(1, "203.0.113.9");
  clock.advance(60_000);
  expect(await brief()).toEqual([["guest", "203.0.113.9", 1, { attempts: 1 }]]);
});

test("who has one address of a /64 has all of them, and a line that is about several accounts names none", async () => {
  const { clock, failed, brief } = bench();
  failed.note(1, "2001:db8::1");
  failed.note(1, "2001:db8::2");
  failed.note(7, "198.51.100.4");
  failed.note(0, "198.51.100.4");
  failed.note(7, "198.51.100.4");
  clock.advance(60_000);
  expect(await brief()).toEqual([
    ["guest", "2001:db8::1", 1, { attempts: 2 }],
    ["guest", "198.51.100.4", "", { attempts: 3 }],
  ]);
});

test("however many addresses guess, a minute has six lines at most, in one transaction", async () => {
  const { clock, failed, brief, transactions } = bench();
  for (let host = 1; host <= 250; host++) for (let count = 0; count < 2; count++) failed.note(0, `203.0.113.${host}`);
  clock.advance(60_000);
  const lines = await brief();
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toEqual(["guest", "", "", { attempts: 490, from: "other addresses" }]);
  expect(transactions()).toBe(1);
});

test("what a stop comes before is written with it, once", async () => {
  const { clock, failed, brief } = bench();
  failed.note(1, "");
  failed.flush();
  clock.advance(60_000);
  expect(await brief()).toEqual([["guest", "", 1, { attempts: 1 }]]);
  failed.flush();
  expect(await brief()).toEqual([]);
});
