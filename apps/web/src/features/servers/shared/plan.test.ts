import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePlan } from "./plan.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const plan = (note: object) => parsePlan(JSON.stringify(note), NOW);
const billing = (fields: object) => plan({ billingDataMod: fields });

test.each(["", "just words", "[1]", "{", "{}", '{"billingDataMod":"x"}', "null"])("%j is no plan", (note) => {
  expect(parsePlan(note, NOW)).toBeUndefined();
});

test.each([
  ["0", "free"],
  ["-1", "usage"],
  ["€9", { amount: "€9", cycle: "year" }],
  [undefined, undefined],
])("the amount %s is the price %j", (amount, price) => {
  expect(billing({ amount, cycle: "Y" })?.price).toEqual(price);
});

test.each([
  ["2026-12-24T12:00:00Z", "0", "month", 30],
  ["2026-11-14T12:00:00Z", "0", "month", -10],
  ["2026-11-14T12:00:00Z", "1", "月", 20],
  ["2020-01-31T00:00:00Z", "1", "month", 6],
  ["2020-11-25T00:00:00Z", "1", "year", 1],
  ["2026-11-01T00:00:00Z", "1", "semi-annually", 158],
  ["0000-00-00T23:59:59+08:00", "1", "month", "never"],
  ["soon", "1", "month", undefined],
])("an end of %s, renewal %s by %s is %s days away", (endDate, autoRenewal, cycle, days) => {
  expect(billing({ endDate, autoRenewal, cycle })?.days).toBe(days);
});

test("facts of the plan become tags", () => {
  const found = plan({
    planDataMod: { bandwidth: "1Gbps", trafficVol: "1TB", IPv4: "1", IPv6: "0", networkRoute: "CN2,GIA", extra: "NVMe, " },
  });
  expect(found).toMatchObject({ bandwidth: "1Gbps", traffic: "1TB", tags: ["IPv4", "CN2", "GIA", "NVMe"] });
});

test("a renewal is always to come, and at most a cycle away", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("2001-01-01"), max: new Date("2026-11-24"), noInvalidDate: true }), (end) => {
      const days = billing({ endDate: end.toISOString(), autoRenewal: "1", cycle: "month" })?.days;
      expect(days).toBeGreaterThanOrEqual(1);
      expect(days).toBeLessThanOrEqual(31);
    }),
  );
});
