import { expect, test } from "vitest";
import { matchPath } from "./public-router.tsx";

test.each([
  ["/", "/", ""],
  ["/", "/server/1", undefined],
  ["/service", "/service", ""],
  ["/service", "/service/", ""],
  ["/service", "/service/3", undefined],
  ["/server/$id", "/server/12", "12"],
  ["/server/$id", "/server/", undefined],
  ["/server/$id", "/server/1/2", undefined],
  ["/server/$id", "/service/1", undefined],
  ["/server/$id", "/server/a%20b", "a%20b"],
])("%s against %s is %s", (pattern, path, id) => {
  expect(matchPath(pattern, path)).toBe(id);
});
