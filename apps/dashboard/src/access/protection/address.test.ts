import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalAddress } from "#kernel";
import { addressBytes, addressFromBytes } from "./address.ts";
import { realIp } from "./real-ip.ts";

test("an address survives its 16 bytes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const canonical = canonicalAddress(text);
      fc.pre(canonical !== undefined);
      const bytes = addressBytes(canonical);
      expect(bytes.length).toBe(16);
      expect(addressFromBytes(bytes)).toBe(canonical);
    }),
  );
});

test("a row with 4 bytes is an IPv4 address, other lengths are none", () => {
  expect(addressFromBytes(Uint8Array.of(198, 51, 100, 1))).toBe("198.51.100.1");
  expect(addressFromBytes(Uint8Array.of(1, 2, 3))).toBeUndefined();
});

const headers: Record<string, string | string[]> = {
  "x-real-ip": " 203.0.113.7 ",
  "x-forwarded-for": "10.0.0.1, 2001:db8:0:0::1",
  many: ["198.51.100.1", "198.51.100.2"],
  bad: "1.2.3.4:80",
  empty: "",
};
test.each([
  ["", "203.0.113.1", { ip: "" }],
  ["NZ::Use-Peer-IP", "203.0.113.1", { ip: "203.0.113.1" }],
  ["NZ::Use-Peer-IP", "", { error: "connecting ip not found" }],
  ["X-Real-IP", "203.0.113.1", { ip: "203.0.113.7" }],
  ["X-Forwarded-For", "203.0.113.1", { ip: "2001:db8::1" }],
  ["Many", "203.0.113.1", { ip: "198.51.100.1" }],
  ["Absent", "203.0.113.1", { error: "real ip header not found" }],
  ["Empty", "203.0.113.1", { error: "real ip header not found" }],
])("setting %j with peer %j gives %j", (setting, peer, expected) => {
  expect(realIp(setting, peer, (name) => headers[name])).toEqual(expected);
});

test("a header that is no address is an error", () => {
  expect(realIp("Bad", "203.0.113.1", (name) => headers[name])).toHaveProperty("error");
});
