import fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicAddress } from "./address-policy.ts";

const refusedIpv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const refusedIpv6: readonly (readonly [prefix: string, bits: number])[] = [
  ["::", 128],
  ["::1", 128],
  ["::ffff:0:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
];

function ipv4Text(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

function ipv6Text(value: bigint): string {
  return Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16)).join(":");
}

function ipv6Value(text: string): bigint {
  const [head = "", tail = ""] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** Addresses inside an IPv4 range, as numbers. */
function within(range: string): fc.Arbitrary<number> {
  const [base = "", bits = "0"] = range.split("/");
  const start = base.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return fc.integer({ min: 0, max: 2 ** (32 - Number(bits)) - 1 }).map((offset) => start + offset);
}

test.each(refusedIpv4)("every address of %s is refused, however it is wrapped", (range) => {
  fc.assert(
    fc.property(within(range), (value) => {
      const text = ipv4Text(value);
      const hex = `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
      for (const form of [text, `::ffff:${text}`, `::ffff:${hex}`, `::${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`]) {
        expect(isPublicAddress(form), form).toBe(false);
      }
    }),
  );
});

test.each(refusedIpv6)("every address of %s/%i is refused", (prefix, bits) => {
  const start = ipv6Value(prefix);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << BigInt(128 - bits)) - 1n }), (offset) => {
      expect(isPublicAddress(ipv6Text(start + offset))).toBe(false);
    }),
  );
});

test("an IPv4 address outside the refused ranges is allowed, also inside IPv6", () => {
  const isRefused = (value: number): boolean =>
    [...refusedIpv4, "192.88.99.0/24", "168.63.129.16/32"].some((range) => {
      const [base = "", bits = "0"] = range.split("/");
      const start = base.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
      return value >= start && value < start + 2 ** (32 - Number(bits));
    });
  const anywhere = fc.integer({ min: 0, max: 2 ** 32 - 1 }).filter((value) => !isRefused(value));
  fc.assert(
    fc.property(anywhere, (value) => {
      expect(isPublicAddress(ipv4Text(value))).toBe(true);
      expect(isPublicAddress(`::ffff:${ipv4Text(value)}`)).toBe(true);
    }),
  );
});

test.each(["1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1"])(
  "%s is allowed",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each(["", "localhost", "example.com", "1.1.1.1.1", "fe80::1%eth0", "4000::1", "168.63.129.16", "fec0::1"])("%j is refused", (text) => {
  expect(isPublicAddress(text)).toBe(false);
});
