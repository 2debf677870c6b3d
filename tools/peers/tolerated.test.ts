import { expect, test } from "vitest";
import { toleratedReason } from "./tolerated.ts";

const visit = "  nat | visit: exact match, other case | body | expected 200 | got null";

test("only the very line is tolerated, and there is a reason", () => {
  expect(toleratedReason(visit)).toContain("any case");
  expect(toleratedReason(visit.replace("null", "502"))).toBeUndefined();
});
