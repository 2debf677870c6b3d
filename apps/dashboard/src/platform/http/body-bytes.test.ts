import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { createBodyBudgets, withBody } from "./body-bytes.ts";

const LONG = 64 * 1024;
const budgets = () => createBodyBudgets({ totalBytes: 10 * LONG, strangerBytes: LONG });
const roomOf = ({ known, turns }: ReturnType<typeof budgets>) => ({ limitBytes: 2 * LONG, budget: known, turns });
const body = (bytes: number) => Readable.from([Buffer.alloc(bytes)]);

test("whatever else came meanwhile goes between the long bodies that arrived at once; short ones wait for none", async () => {
  const order: string[] = [];
  const room = roomOf(budgets());
  let goesOn = true;
  const others = (): void => {
    order.push("other");
    if (goesOn) setImmediate(others);
  };
  setImmediate(others);
  const long = Array.from({ length: 5 }, () => withBody(body(LONG), room, () => void order.push("long")));
  await withBody(body(10), room, () => void order.push("short"));
  await Promise.all(long);
  goesOn = false;
  expect(order.filter((what) => what === "long")).toHaveLength(5);
  expect(order.indexOf("short")).toBeLessThan(order.indexOf("long"));
  expect(order.some((what, index) => what === "long" && order[index + 1] === "long")).toBe(false);
});

test("a body counts until what it is used for is done, also when that fails", async () => {
  const all = budgets();
  for (const size of [10, LONG + 1]) {
    const used = withBody(body(size), roomOf(all), async () => {
      await Promise.resolve();
      expect(all.known.used).toBe(size);
      throw new Error("no JSON");
    });
    await expect(used).rejects.toThrow("no JSON");
    expect(all.known.used).toBe(0);
  }
});

test("long bodies that wait for their turn count: there are only so many", async () => {
  const all = createBodyBudgets({ totalBytes: 2 * LONG, strangerBytes: LONG });
  const results = await Promise.all(Array.from({ length: 5 }, () => withBody(body(LONG), roomOf(all), (bytes) => bytes.length)));
  expect(results.filter((result) => "used" in result)).toEqual([{ used: LONG }, { used: LONG }]);
  expect(results.filter((result) => "refused" in result)).toEqual(Array.from({ length: 3 }, () => ({ refused: "busy" })));
});
