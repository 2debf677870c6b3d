import fc from "fast-check";
import { expect, test } from "vitest";
import { byIntl, createZone, zoneNamed, zoneOfProcess } from "./zone.ts";

test.each([
  ["UTC", "UTC"],
  ["europe/berlin", "Europe/Berlin"],
  ["+08:00", "+08:00"],
  // Old names, which only `Intl` knows.
  ["PST", "America/Los_Angeles"],
])("%s is the zone %s", (name, zone) => {
  expect(zoneNamed(name)).toBe(zone);
});

test.each(["", "Mars/Base", "Local", "2026-01-01T00:00Z"])("there is no zone %j", (name) => {
  expect(zoneNamed(name)).toBeUndefined();
});

test("the process is in a zone that there is", () => {
  expect(zoneNamed(zoneOfProcess())).toBe(zoneOfProcess());
});

test("both ways to read clocks see the same", () => {
  const zones = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"];
  const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2050, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), instant, (zone, moment) => {
      expect(createZone(zone).offsetAt(moment)).toBe(byIntl(zone).offsetAt(moment));
    }),
    { numRuns: 300 },
  );
});

test("clocks are changed in spring and autumn where they are, and may be where that is not known", () => {
  const { mayChange } = createZone("Europe/Berlin");
  const change = Date.UTC(2026, 2, 29, 1);
  expect(mayChange(change - 1, change)).toBe(true);
  expect(mayChange(change - 1_000, change - 1)).toBe(false);
  expect(mayChange(change, Date.UTC(2026, 9, 25) - 1)).toBe(false);
  expect(createZone("Asia/Shanghai").mayChange(change, Date.UTC(2040, 0, 1))).toBe(false);
  expect(createZone("PST").mayChange(change, change + 1)).toBe(true);
});
