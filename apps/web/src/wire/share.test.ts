import { expect, test } from "vitest";
import { createShareSelection } from "./share.ts";

const stored = (text?: string) => {
  const values = new Map(text === undefined ? [] : [["windfire:share-link", text]]);
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
};

test("a chosen link outlives a reload, until it is left", () => {
  const storage = stored();
  createShareSelection(() => storage).choose({ id: 7, name: "For Ada" });
  const again = createShareSelection(() => storage);
  expect(again.current()).toEqual({ id: 7, name: "For Ada" });
  again.leave();
  expect([again.current(), createShareSelection(() => storage).current()]).toEqual([undefined, undefined]);
});

test.each([undefined, "", "7", "null", '{"id":"7","name":"x"}', '{"id":7}', "{"])("no link is read from %j", (text) => {
  expect(createShareSelection(() => stored(text)).current()).toBeUndefined();
});

test("a browser that keeps nothing holds the link for the page", () => {
  const selection = createShareSelection(() => {
    throw new DOMException("no", "SecurityError");
  });
  selection.choose({ id: 1, name: "x" });
  expect(selection.current()?.id).toBe(1);
});
