import { expect, test } from "vitest";
import { planJwtKey } from "./jwt-key.ts";

const OLD = "o".repeat(1024);
const NEW = "n".repeat(1024);
const renewed = { key: NEW, marker: "2.3.7", changes: { jwt_secret_key: NEW, jwt_secret_key_last_rotated_version: "2.3.7" } };

test.each([
  [
    "the environment's key is used and nothing is written",
    { fromEnvironment: "e".repeat(40), fromFile: OLD, marker: "" },
    { key: "e".repeat(40), marker: "", changes: {} },
  ],
  ["a missing key is made", { fromFile: "", marker: "" }, renewed],
  ["a key without marker is renewed", { fromFile: OLD, marker: "" }, renewed],
  ["a key of an older release is renewed", { fromFile: OLD, marker: "v1.99.0" }, renewed],
  ["a key of 2.0.12 is renewed", { fromFile: OLD, marker: "2.0.12" }, renewed],
  ["an unreadable marker renews", { fromFile: OLD, marker: "debug" }, renewed],
  [
    "a key of 2.0.13 stays, the marker moves",
    { fromFile: OLD, marker: "2.0.13" },
    { key: OLD, marker: "2.3.7", changes: { jwt_secret_key_last_rotated_version: "2.3.7" } },
  ],
  [
    "a key of a later release stays",
    { fromFile: OLD, marker: "3.0.0" },
    { key: OLD, marker: "2.3.7", changes: { jwt_secret_key_last_rotated_version: "2.3.7" } },
  ],
  ["nothing is due", { fromFile: OLD, marker: "2.3.7" }, { key: OLD, marker: "2.3.7", changes: {} }],
  ["builds that are no release never renew", { fromFile: OLD, marker: "", version: "debug" }, { key: OLD, marker: "", changes: {} }],
  [
    "but they make a missing key",
    { fromFile: "", marker: "", version: "debug" },
    { key: NEW, marker: "", changes: { jwt_secret_key: NEW } },
  ],
])("%s", (_what, state, plan) => {
  expect(planJwtKey({ fromEnvironment: "", version: "2.3.7", ...state }, (length) => "n".repeat(length))).toEqual(plan);
});
