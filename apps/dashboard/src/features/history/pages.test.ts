import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk, openStore } from "@windfire/tsdb";
import { expect, test } from "vitest";
import { createAnswers } from "./answers.ts";
import { FAMILIES, PROBE_FAMILY, probeKey } from "./columns.ts";
import { createPager } from "./pages.ts";

const START = Date.UTC(2026, 0, 10);
const DAY = 86_400_000;

test("spec 60 §5: a service seen by many servers is answered in pages of about a megabyte, only for the servers asked for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "windfire-pages-"));
  const store = await openStore({
    folder,
    families: FAMILIES,
    limits: { rawDays: 30, fiveMinuteDays: 400, hourDays: 4_000, sizeBudgetBytes: 2 ** 40, minFreeBytes: 0 },
    disk: nodeDisk,
    clock: { now: () => START + DAY, monotonic: () => 0 },
  });
  try {
    for (let serverId = 1; serverId <= 20; serverId++)
      for (let at = START; at < START + DAY; at += 30_000) store.append(PROBE_FAMILY, probeKey(7, serverId), at, [serverId + 0.25, 1, 0]);
    const answers = createAnswers({ store, breathe: () => Promise.resolve() });
    const sizes: number[] = [];
    const seen: number[] = [];
    const ids = Array.from({ length: 200 }, (_, index) => index + 1).filter((id) => id % 2 === 1);
    const pages = createPager().pages(ids, (rest) => answers.serviceHistory(7, rest, "1d", START + DAY, false));
    for await (const page of pages) {
      sizes.push(page.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0));
      seen.push(...page.map(({ serverId }) => serverId));
    }
    expect(seen).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(2 ** 20 + 200_000);
    const services = await answers.serverServices(3, [8, 7], "1d", START + DAY);
    expect([services.taken, services.items.map(({ serviceId }) => serviceId)]).toEqual([2, [7]]);
    const [summary] = await answers.summaries(7, [3], START + DAY);
    expect(summary).toMatchObject({
      serverId: 3,
      avgDelay: 3.25,
      totalUp: 2_880,
      last: { at: START + DAY - 30_000, delay: 3.25, up: true },
    });
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
});

test("so many long answers are read at once, and one that is not read to its end gives its place back", async () => {
  const pager = createPager();
  const begin = async () => {
    const pages = pager.pages([1, 2, 3], (ids) => Promise.resolve({ items: [ids[0]], taken: 1 }));
    await pages.next();
    return pages;
  };
  const reading = [];
  for (let count = 0; count < 32; count++) reading.push(await begin());
  await expect(begin()).rejects.toThrow("too many long answers");
  const short = pager.pages([1], (ids) => Promise.resolve({ items: [ids[0]], taken: 1 }));
  expect((await short.next()).value).toEqual([1]);
  await reading[0]?.return(undefined);
  const again = await begin();
  expect((await again.next()).value).toEqual([2]);
});
