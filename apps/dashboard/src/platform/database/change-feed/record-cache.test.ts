import fc from "fast-check";
import { expect, test } from "vitest";
import { createRecordCache } from "./record-cache.ts";

interface Pet {
  readonly id: number;
  readonly name: string;
  readonly owner: number | undefined;
}

const shape = {
  keyOf: (pet: Pet) => pet.id,
  order: (a: Pet, b: Pet) => a.name.localeCompare(b.name) || a.id - b.id,
  indexes: { owner: (pet: Pet) => pet.owner },
};
const pet = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  name: fc.constantFrom("a", "b", "c"),
  owner: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
});
const change = fc.oneof(
  pet.map((record) => ({ key: record.id, record })),
  fc.integer({ min: 1, max: 6 }).map((key) => ({ key, record: undefined })),
);

test("after any changes the list is ordered and each index finds what the records say", () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const cache = createRecordCache(shape);
      const model = new Map<number, Pet>();
      for (const [version, { key, record }] of changes.entries()) {
        cache.apply(version, key, record);
        if (record) model.set(key, record);
        else model.delete(key);
      }
      const all = [...model.values()].toSorted(shape.order);
      expect(cache.list()).toEqual(all);
      expect(cache.size).toBe(all.length);
      for (const owner of [1, 2, 3]) expect(cache.by("owner", owner)).toEqual(all.filter((record) => record.owner === owner));
    }),
  );
});

test("an older version changes nothing, the same one may come again", () => {
  const cache = createRecordCache(shape);
  const newer = { id: 1, name: "b", owner: 2 };
  cache.apply(5, 1, newer);
  cache.apply(4, 1, { id: 1, name: "a", owner: 1 });
  expect(cache.get(1)).toBe(newer);
  cache.apply(5, 1, newer);
  expect(cache.by("owner", 1)).toEqual([]);
  cache.apply(4, 1, undefined);
  expect(cache.get(1)).toBe(newer);
});

test("a reset stands for everything before it", () => {
  const cache = createRecordCache(shape);
  cache.apply(3, 1, { id: 1, name: "a", owner: 1 });
  cache.reset(9, [{ id: 2, name: "b", owner: 1 }]);
  cache.apply(8, 1, { id: 1, name: "late", owner: 1 });
  expect(cache.list().map(({ id }) => id)).toEqual([2]);
  expect(cache.by("owner", 1).map(({ id }) => id)).toEqual([2]);
});
