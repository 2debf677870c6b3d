import { expect, test } from "vitest";
import { readHistoryPlace } from "./history-place.ts";

const read = (values: Record<string, string>, environment: Record<string, string> = {}) =>
  readHistoryPlace([new Map(Object.entries(values)), new Map(Object.entries(environment))]);
const at = (url: string, authorization = "") => ({ kind: "victoriametrics", url, authorization });

test("history is kept here, nowhere, or in VictoriaMetrics; the file goes before the environment", () => {
  expect(read({})).toEqual({ kind: "embedded" });
  expect(read({ history: "off" })).toEqual({ kind: "off" });
  expect(read({ history: "true" })).toEqual({ kind: "embedded" });
  expect(read({ history: "victoriametrics http://vm:8428/" })).toEqual(at("http://vm:8428"));
  expect(read({}, { history: "VictoriaMetrics  https://vm/select/0/prometheus/" })).toEqual(at("https://vm/select/0/prometheus"));
  expect(read({ history: "off" }, { history: "victoriametrics http://vm:8428" })).toEqual({ kind: "off" });
});

test("credentials become a header and are no part of the address", () => {
  expect(read({ history: "victoriametrics http://me:p%40ss@vm:8428" })).toEqual(
    at("http://vm:8428", `Basic ${Buffer.from("me:p@ss").toString("base64")}`),
  );
  expect(read({ history: "victoriametrics http://vm:8428" }, { history_token: "abc" })).toEqual(at("http://vm:8428", "Bearer abc"));
});

test.each([
  [{ history: "sometimes" }, "history must be on, off, or victoriametrics"],
  [{ history: "victoriametrics vm:8428" }, "history must be on, off"],
  [{ history: "victoriametrics http://me:secret@vm/?a=b" }, "history must be an address without ? and #"],
  [{ history: "victoriametrics http://me:%zzsecret@vm" }, "history has a user or a password"],
  [{ history: "victoriametrics http://me:secret@vm", history_token: "x" }, "history_token must be left out"],
  [{ history: "victoriametrics http://vm", history_token: "secret secret" }, "history_token must be up to 4096 characters"],
] as const)("%o is refused without showing a secret", (values, message) => {
  expect(() => read(values)).toThrow(message);
  expect(() => read(values)).toThrow(/^(?!.*secret)/);
});
