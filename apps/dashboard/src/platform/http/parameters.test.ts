import fc from "fast-check";
import { expect, test } from "vitest";
import { idParams, pageQuery, selectByIds } from "./parameters.ts";

test.each([
  ["12", 12],
  ["0", 0],
  ["007", 7],
  ["9007199254740991", 9_007_199_254_740_991],
])("path id %s", (text, id) => {
  expect(idParams.parse({ id: text }).id).toBe(id);
});

test.each([
  ["abc", 'strconv.ParseUint: parsing "abc": invalid syntax'],
  ["-1", 'strconv.ParseUint: parsing "-1": invalid syntax'],
  ["1.0", 'strconv.ParseUint: parsing "1.0": invalid syntax'],
  ["18446744073709551616", 'strconv.ParseUint: parsing "18446744073709551616": value out of range'],
  ["9007199254740992", 'strconv.ParseUint: parsing "9007199254740992": value out of range'],
  ["9007199254740993", 'strconv.ParseUint: parsing "9007199254740993": value out of range'],
])("path id %s is refused", (text, message) => {
  expect(idParams.safeParse({ id: text }).error?.issues[0]?.message).toBe(message);
});

test.each<[Record<string, string>, { limit: number; offset: number }]>([
  [{}, { limit: 25, offset: 0 }],
  [
    { limit: "10", offset: "5" },
    { limit: 10, offset: 5 },
  ],
  [
    { limit: "0", offset: "-1" },
    { limit: 25, offset: 0 },
  ],
  [
    { limit: "x", offset: "y" },
    { limit: 25, offset: 0 },
  ],
  [{ limit: "100000" }, { limit: 500, offset: 0 }],
])("page %j", (query, page) => {
  expect(pageQuery(500).parse(query)).toEqual(page);
});

const rows = [{ id: 3 }, { id: 1 }, { id: 7 }];
const select = (ids: string | undefined) => selectByIds(rows, ids, (row) => row.id).map((row) => row.id);

test.each<[string | undefined, number[]]>([
  [undefined, [3, 1, 7]],
  ["", [3, 1, 7]],
  ["7,3", [7, 3]],
  ["7,x,7", [7, 7]],
  ["99", [3, 1, 7]],
])("id search %s", (ids, expected) => {
  expect(select(ids)).toEqual(expected);
});

test("every id that exists is found wherever it stands in the list", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat()), (ids) => ids.every((id) => selectByIds(ids, String(id), (row) => row)[0] === id)));
});

test("an id too large to be exact never finds the row that it would be rounded to", () => {
  const stored = [{ id: 1 }, { id: 2 ** 53 }];
  expect(selectByIds(stored, "9007199254740993,1", ({ id }) => id)).toEqual([{ id: 1 }]);
});
