import { expect, test } from "vitest";
import { endingSoon } from "./soon.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const plan = (end: string) => JSON.stringify({ billingDataMod: { endDate: end } });
const certificate = (days: number) => ({ issuer: "CA", expires_at: "", days_left: days });

test("plans, certificates and tokens, the first to end first; what has time is left out", () => {
  const found = endingSoon(
    {
      servers: [
        { id: 1, name: "near", public_note: plan("2026-06-20T12:00:00Z") },
        { id: 2, name: "far", public_note: plan("2026-12-20T12:00:00Z") },
        { id: 3, name: "none" },
      ],
      services: [
        { id: 4, name: "over", certificate: certificate(-1) },
        { id: 5, name: "later", certificate: certificate(15) },
        { id: 6, name: "plain" },
      ],
      tokens: [
        { id: 7, name: "ci", expires_at: "2026-06-17T13:00:00Z" },
        { id: 8, name: "past", expires_at: "2026-06-14T12:00:00Z" },
        { id: 9, name: "forever" },
      ],
    },
    NOW,
  );
  expect(found.map(({ kind, name, days }) => [kind, name, days])).toEqual([
    ["certificate", "over", -1],
    ["token", "ci", 2],
    ["plan", "near", 5],
  ]);
});
