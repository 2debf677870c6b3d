import { expect, test } from "vitest";
import {
  readCsv,
  readFlag,
  readIdFlags,
  readIdList,
  readIdTextLists,
  readNumber,
  readOptionalFlag,
  readText,
  readTextList,
} from "../index.ts";

test.each([
  [null, false],
  [0, false],
  [1, true],
  ["true", true],
  ["false", false],
  ["1", true],
  ["", false],
])("the flag %j is %s", (stored, flag) => {
  expect(readFlag(stored)).toBe(flag);
});

test("a flag of three states keeps the third", () => {
  expect(readOptionalFlag(null)).toBeNull();
  expect(readOptionalFlag(0)).toBe(false);
});

test.each([
  [null, 0],
  ["", 0],
  ["12", 12],
  ["twelve", 0],
  [12.5, 12.5],
  [Number.POSITIVE_INFINITY, 0],
])("the number %j is %s", (stored, number) => {
  expect(readNumber(stored)).toBe(number);
});

test.each([
  [null, ""],
  ["a", "a"],
  [5, "5"],
  [new Uint8Array(2), ""],
])("the text %j is %j", (stored, text) => {
  expect(readText(stored)).toBe(text);
});

test("comma lists tolerate blanks and gaps", () => {
  expect(readCsv(" a, b,,c ")).toEqual(["a", "b", "c"]);
  expect(readCsv(null)).toEqual([]);
});

test.each([
  ["[1,2]", [1, 2]],
  ["[]", []],
  ['[1,"2",null,-3,1.5]', [1]],
  ["null", null],
  ["", null],
  [null, null],
  ["{", null],
  ['{"1":true}', null],
])("the id list %j is %j", (stored, list) => {
  expect(readIdList(stored)).toEqual(list);
});

test("maps by id leave out what is of the wrong kind", () => {
  expect(readIdFlags('{"3":true,"4":false,"x":true,"5":"yes"}')).toEqual(
    new Map([
      [3, true],
      [4, false],
    ]),
  );
  expect(readIdTextLists('{"3":["a.example.com",7],"4":"b"}')).toEqual(new Map([[3, ["a.example.com"]]]));
  expect(readIdFlags("[1]")).toBeNull();
  expect(readTextList('["a",1]')).toEqual(["a"]);
});
