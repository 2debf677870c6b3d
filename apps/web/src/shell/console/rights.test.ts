import { expect, test } from "vitest";
import { mayDo } from "./rights.tsx";

const ADMIN = { role: 0 };
const MEMBER = { role: 1 };
const VIEWER = { role: 1, access: "viewer" } as const;

test.each([
  [ADMIN, "administer", true],
  [ADMIN, "change", true],
  [MEMBER, "administer", false],
  [MEMBER, "change", true],
  [VIEWER, "administer", false],
  [VIEWER, "change", false],
  [VIEWER, undefined, true],
  [undefined, "change", false],
] as const)("%j may %s: %s", (profile, need, may) => {
  expect(mayDo(profile, need)).toBe(may);
});
