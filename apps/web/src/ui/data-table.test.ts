import { expect, test } from "vitest";
import { nextSorting, sortRows } from "./data-table.tsx";

const rows = [
  { id: 1, name: "b-10", size: 3 },
  { id: 2, name: "b-9", size: 1 },
  { id: 3, name: "a", size: 3 },
];
const columns = [
  { key: "name", label: "Name", cell: () => null, sortBy: (row: (typeof rows)[number]) => row.name },
  { key: "size", label: "Size", cell: () => null, sortBy: (row: (typeof rows)[number]) => row.size },
  { key: "none", label: "None", cell: () => null },
];
const order = (key: string, descending: boolean) => sortRows(rows, columns, { key, descending }).map((row) => row.id);

test.each([
  ["name", false, [3, 2, 1]],
  ["name", true, [1, 2, 3]],
  ["size", false, [2, 1, 3]],
  ["size", true, [1, 3, 2]],
  ["none", false, [1, 2, 3]],
])("sorted by %s, descending %s", (key, descending, ids) => {
  expect(order(key, descending)).toEqual(ids);
});

test.each([true, false])("a head is clicked three times, falling first: %s", (falling) => {
  const first = nextSorting("size", falling, undefined);
  const second = nextSorting("size", falling, first);
  expect([first, second, nextSorting("size", falling, second)]).toEqual([
    { key: "size", descending: falling },
    { key: "size", descending: !falling },
    undefined,
  ]);
});

test("without a wish the order is the given one", () => {
  expect(sortRows(rows, columns, undefined)).toBe(rows);
});
