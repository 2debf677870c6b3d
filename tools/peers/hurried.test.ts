import { expect, test } from "vitest";
import { hurriedIn } from "./hurried.ts";

const output = `== profile default
ok   setting: 23 passed, 0 failed, 3.7 s
FAIL users: 31 passed, 1 failed, 8.5 s
== profile locked
FAIL waf: 30 passed, 4 failed, 12.4 s
  waf | blocked: API | status | expected 403 | got 200
84 passed, 5 failed
`;

test("only what hurries is run again, in the profile in which it failed", () => {
  expect(hurriedIn(output)).toEqual([
    { profile: "locked", scenario: "waf", reason: expect.stringContaining("three seconds") as string, passed: 30, failed: 4 },
  ]);
  expect(hurriedIn(output.replace("FAIL waf", "ok   waf"))).toEqual([]);
});
