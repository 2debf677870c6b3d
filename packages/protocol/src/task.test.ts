import { expect, test } from "vitest";
import { formatNatOrder, formatStreamOrder, formatTransferOrder, parseNatOrder, parseStreamOrder, parseTransferOrder } from "./task.ts";

test("orders carry the keys that agents know", () => {
  expect(formatStreamOrder({ streamId: "s" })).toBe('{"StreamID":"s"}');
  expect(formatNatOrder({ streamId: "s", host: "127.0.0.1:80" })).toBe('{"StreamID":"s","Host":"127.0.0.1:80"}');
  expect(formatTransferOrder({ clientSecret: "x" })).toBe('{"client_secret":"x"}');
});

test("orders are read back, keys in any case", () => {
  expect(parseStreamOrder(formatStreamOrder({ streamId: "s" }))).toEqual({ streamId: "s" });
  expect(parseNatOrder('{"streamid":"s","HOST":"h:1"}')).toEqual({ streamId: "s", host: "h:1" });
  expect(parseTransferOrder(formatTransferOrder({ clientSecret: "x" }))).toEqual({ clientSecret: "x" });
});

test.each(["", "null", "[]", "{}", '{"StreamID":1}', '{"StreamID":""}', "{"])("%j is no order", (data) => {
  expect(parseStreamOrder(data)).toBeUndefined();
  expect(parseNatOrder(data)).toBeUndefined();
  expect(parseTransferOrder(data)).toBeUndefined();
});
