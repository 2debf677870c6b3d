import { StatusPageForm } from "@windfire/api";
import type { PagePartRef } from "@windfire/api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCalendars } from "#features/services";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { drawPage } from "../drawing/page.ts";
import { wordsOf } from "../drawing/words.ts";
import { daysOf, summaryOf } from "../feeds/summary.ts";
import { atomOf, rssOf } from "../feeds/news-feed.ts";
import { FRESH_PAGE, keyOf, partsOf, settingsOf } from "../pages/model.ts";
import type { ShownRow, StatusPage } from "../pages/model.ts";
import { createSnapshots } from "./snapshot.ts";

const NOW = Date.UTC(2026, 2, 10, 12);
const ADMIN = 1;

let temporary: TemporaryDatabase;
beforeAll(async () => void (temporary = await openTemporaryDatabase()));
afterAll(() => temporary.remove());

function snapshotsOver(rows: ReadonlyMap<string, ShownRow>) {
  const asked: PagePartRef[] = [];
  const note = (kind: PagePartRef["kind"], ids: readonly number[]): void => void asked.push(...ids.map((id) => ({ kind, id })));
  const snapshot = createSnapshots({
    database: temporary.database,
    now: () => NOW,
    calendarOf: createCalendars(),
    location: "UTC",
    rowOf: (part) => rows.get(keyOf(part)),
    ownsEverything: (id) => id === ADMIN,
    stateOf: () => "operational",
    serverDays: async (ids) => {
      note("server", ids);
      return new Map();
    },
    serviceDays: async (ids) => {
      note("service", ids);
      return [];
    },
    delayOf: () => undefined,
    plans: { get: () => undefined, runOf: () => undefined },
    publicKey: (_pageId, label) => Buffer.from(label).toString("hex"),
  });
  return { snapshot, asked };
}

function pageOf(ownerId: number, groups: StatusPageForm["groups"]): StatusPage {
  const settings = settingsOf({ ...StatusPageForm.parse({ slug: "p", title: "Page", published: true }), groups });
  return { ...FRESH_PAGE, id: 1, slug: "p", ownerId, settings, createdAt: NOW, updatedAt: NOW };
}

const kind = fc.constantFrom<PagePartRef["kind"][]>("service", "server");
const secretName = (part: PagePartRef): string => `secret-${part.kind}-${part.id}-end`;
const world = fc.record({
  ownerId: fc.constantFrom(ADMIN, 2, 3),
  rows: fc.uniqueArray(
    fc.record({ kind, id: fc.integer({ min: 1, max: 6 }), ownerId: fc.constantFrom(1, 2, 3), hideForGuest: fc.boolean() }),
    { selector: keyOf, maxLength: 12 },
  ),
  listed: fc.uniqueArray(
    fc.record({ kind, id: fc.integer({ min: 1, max: 6 }), isNamed: fc.boolean(), group: fc.integer({ min: 0, max: 2 }) }),
    {
      selector: keyOf,
      maxLength: 12,
    },
  ),
});

test("what a page shows is exactly what its list allows: rows of its owner's, and hidden ones only under a name of their own", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ ownerId, rows, listed }) => {
      const known = new Map(
        rows.map((row) => [keyOf(row), { ownerId: row.ownerId, name: secretName(row), hideForGuest: row.hideForGuest }]),
      );
      const part = (one: (typeof listed)[number]) => ({
        kind: one.kind,
        id: one.id,
        name: one.isNamed ? `public-${one.kind}-${one.id}-end` : "",
        names: {},
      });
      const groups = [0, 1, 2].map((at) => ({ name: `g${at}`, names: {}, parts: listed.filter(({ group }) => group === at).map(part) }));
      const page = pageOf(ownerId, groups);
      const { snapshot, asked } = snapshotsOver(known);
      const view = await snapshot(page);

      // Said once more, and otherwise than in the program.
      const expected = partsOf(page.settings).flatMap((one) => {
        const row = known.get(keyOf(one));
        if (row === undefined) return [];
        if (ownerId !== ADMIN && row.ownerId !== ownerId) return [];
        if (row.hideForGuest && one.name === "") return [];
        return [{ ref: keyOf(one), name: one.name === "" ? row.name : one.name }];
      });
      expect(view.groups.flatMap(({ parts }) => parts.map(({ name }) => name))).toEqual(expected.map(({ name }) => name));
      expect(asked.map(keyOf).toSorted()).toEqual(expected.map(({ ref }) => ref).toSorted());

      const places = { id: "x", url: "https://status.example" };
      const words = wordsOf("en", "UTC");
      const outputs = [
        drawPage(view, { words, theme: "auto", base: "", font: "" }).html,
        JSON.stringify(summaryOf(view, words, places)),
        JSON.stringify(daysOf(view, words)),
        rssOf(view, words, "Page", places),
        atomOf(view, words, "Page", places),
      ].join("\n");
      const names = new Set(expected.map(({ name }) => name));
      for (const row of rows) expect(outputs.includes(secretName(row)), keyOf(row)).toBe(names.has(secretName(row)));
    }),
    { numRuns: 150 },
  );
});
