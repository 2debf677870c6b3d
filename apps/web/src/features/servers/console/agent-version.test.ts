import { expect, test } from "vitest";
import { isOutdated } from "./agent-version.ts";

test.each([
  ["2.3.7+windfire.0.1.0", "0.2.0", true],
  ["2.3.7+windfire.0.10.0", "0.9.9", false],
  ["2.3.7+windfire.1.2.3", "1.2.3", false],
  ["2.3.7+windfire.1.2.2", "v1.2.3-rc.1", true],
  ["2.3.7", "9.0.0", false],
  [undefined, "1.0.0", false],
  ["2.3.7+windfire.1.0.0", undefined, false],
])("%s beside %s: %s", (agent, dashboard, outdated) => {
  expect(isOutdated(agent, dashboard)).toBe(outdated);
});
