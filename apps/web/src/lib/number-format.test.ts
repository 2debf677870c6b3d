import fc from "fast-check";
import { expect, test } from "vitest";
import { createNumberFormat, UNIT_GAP } from "./number-format.ts";

const format = createNumberFormat("en");
const plain = (text: string) => text.replaceAll(UNIT_GAP, " ");

test.each([
  [3.1, "3.10"],
  [9.996, "10.0"],
  [42.6, "42.6"],
  [99.96, "100"],
  [812, "812"],
  [0, "0.00"],
  [12_345, "12,345"],
])("%d has three significant digits: %s", (value, expected) => {
  expect(format.significant(value)).toBe(expected);
});

test.each([
  [0, "0 B"],
  [1023, "1,023 B"],
  [1023.6, "1.00 KiB"],
  [3.1 * 1024 ** 2, "3.10 MiB"],
  [2 * 1024 ** 4, "2.00 TiB"],
  [1024 ** 3 - 1, "1.00 GiB"],
])("%d bytes are %s", (value, expected) => {
  expect(plain(format.bytes(value))).toBe(expected);
});

test.each([
  [0, [], "0%"],
  [0.2, [], "<1%"],
  [46.4, [], "46%"],
  [84.7, [85, 95], "84%"],
  [85, [85, 95], "85%"],
  [94.9, [85, 95], "94%"],
  [99.7, [], "99%"],
  [100, [], "100%"],
] as const)("%d percent with limits %j is %s", (value, limits, expected) => {
  expect(format.percent(value, limits)).toBe(expected);
});

test.each([
  [100, "100%"],
  [99.995, "99.99%"],
  [99.9, "99.9%"],
  [99.98, "99.98%"],
])("an uptime of %d is %s", (value, expected) => {
  expect(format.uptime(value)).toBe(expected);
});

test("rounding never says a limit was met before it was", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (value) => {
      const shown = Number(format.percent(value, [85, 95]).replace(/[<%]/g, ""));
      for (const limit of [85, 95, 100]) expect(shown >= limit).toBe(value >= limit);
    }),
  );
});

test("bytes keep their order", () => {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  const size = (bytes: number) => {
    const { value, unit } = format.bytesMeasure(bytes);
    return Number(value.replaceAll(",", "")) * 1024 ** units.indexOf(unit);
  };
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), (a, b) => {
      expect(size(Math.min(a, b))).toBeLessThanOrEqual(size(Math.max(a, b)));
    }),
  );
});

test.each([
  [20 * 1024 ** 4, "20 TiB"],
  [1.5 * 1024 ** 3, "1.5 GiB"],
  [0, "0 B"],
])("%d bytes in short are %s", (value, expected) => {
  expect(plain(format.bytesShort(value))).toBe(expected);
});

test.each([
  [999, "999 B"],
  [1000, "1.00 kB"],
  [999_999, "1.00 MB"],
  [2e12, "2.00 TB"],
])("%d bytes are %s in steps of 1000", (bytes, expected) => {
  const chosen = createNumberFormat("en-US", { bytes: 1000, temperature: "celsius" });
  expect(chosen.bytes(bytes).replace("\u00a0", " ")).toBe(expected);
});

test.each([
  ["celsius", 42.55, "42.6 °C", "43°"],
  ["fahrenheit", 42.5, "108.5 °F", "109°"],
  ["fahrenheit", -40, "-40 °F", "-40°"],
] as const)("in %s, %d degrees Celsius are %s", (temperature, value, said, tick) => {
  const chosen = createNumberFormat("en-US", { bytes: 1024, temperature });
  expect([chosen.temperature(value).replace("\u00a0", " "), chosen.degrees(value)]).toEqual([said, tick]);
});
