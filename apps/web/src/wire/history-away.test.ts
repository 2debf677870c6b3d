import { LITERAL_ERRORS } from "@windfire/api";
import { expect, test } from "vitest";
import { isHistoryAway, rereadAfter } from "./history-away.ts";

const away = new Error(LITERAL_ERRORS.historyAway);

test("what the dashboard says while it can read nothing is known here, and nothing else is taken for it", () => {
  expect([away, new Error("service not found"), null, undefined].map(isHistoryAway)).toEqual([true, false, false, false]);
});

test("what is away is asked for again in five seconds, everything else when it is due", () => {
  expect([rereadAfter(away, 60_000), rereadAfter(away, 2_000)]).toEqual([5_000, 2_000]);
  expect([rereadAfter(new Error("service not found"), 60_000), rereadAfter(undefined, 60_000)]).toEqual([60_000, 60_000]);
});
