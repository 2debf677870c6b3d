import { isIPv6 } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalAddress, networkOf, plainAddress } from "./address.ts";

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["::FFFF:cb00:7109", "203.0.113.9"],
  ["0:0:0:0:0:ffff:203.0.113.9", "203.0.113.9"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:0::1", "2001:db8::1"],
  ["2001:0db8::0001", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["::1", "::1"],
  ["1.2.3.4:80", undefined],
  ["01.2.3.4", undefined],
  ["1.2.3", undefined],
  ["0x7f.0.0.1", undefined],
  ["[::1]", undefined],
  ["not-an-ip", undefined],
  ["", undefined],
])("%j reads as %j", (text, expected) => {
  expect(canonicalAddress(text)).toBe(expected);
  expect(plainAddress(text)).toBe(expected ?? text);
});

/** Eight groups written with leading zeros, without, and with any run of zeros left out. */
function spellings(groups: readonly number[]): string[] {
  const short = groups.map((group) => group.toString(16));
  const all = [short.join(":"), short.map((group) => group.padStart(4, "0")).join(":")];
  for (let from = 0; from < 8; from++)
    for (let to = from + 1; to <= 8 && groups[to - 1] === 0; to++)
      all.push(`${short.slice(0, from).join(":")}::${short.slice(to).join(":")}`);
  return [...all, ...all.map((text) => text.toUpperCase()), ...all.map((text) => `${text}%eth0`)];
}

const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });

test("every spelling of an IPv6 address is one address, written as the URL standard does", () => {
  fc.assert(
    fc.property(groups, (parts) => {
      fc.pre(parts.slice(0, 5).some((part) => part !== 0));
      const expected = new URL(`http://[${parts.map((part) => part.toString(16)).join(":")}]/`).hostname.slice(1, -1);
      for (const text of spellings(parts)) {
        expect(isIPv6(text)).toBe(true);
        expect(canonicalAddress(text)).toBe(expected);
      }
    }),
  );
});

test("an IPv6 address stands for its /64 and nothing beyond it", () => {
  fc.assert(
    fc.property(groups, fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 }), (parts, others) => {
      fc.pre(parts.slice(0, 4).some((part) => part !== 0));
      const text = (all: readonly number[]): string => canonicalAddress(all.map((part) => part.toString(16)).join(":")) ?? "";
      const network = networkOf(text(parts));
      expect(networkOf(text([...parts.slice(0, 4), ...others]))).toBe(network);
      expect(network).toBe(
        `${parts
          .slice(0, 4)
          .map((part) => part.toString(16))
          .join(":")}::/64`,
      );
    }),
  );
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["2001:db8::", "2001:db8:0:0::/64"],
  ["", ""],
])("%j stands for %j", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
