import { expect, test } from "vitest";
import { isDnsName, lookupKey, parseDomain } from "./domain.ts";

test.each([
  ["nas.example.com", "nas.example.com", ""],
  [" NAS.Example.COM:8008 ", "nas.example.com", ":8008"],
  ["nas.example.com.", "nas.example.com", ""],
  ["nas.example.com.:443", "nas.example.com", ":443"],
  ["nas.example.com:0443", "nas.example.com", ":443"],
  ["Bücher.example", "xn--bcher-kva.example", ""],
  ["xn--bcher-kva.example", "xn--bcher-kva.example", ""],
  ["nas。example", "nas.example", ""],
  ["nas", "nas", ""],
])("%j is the name %s with the port %j", (text, host, port) => {
  expect(parseDomain(text)).toEqual({ host, port, isLiteral: false });
});

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["127.0.0.1.:80", "127.0.0.1"],
  ["127.1", "127.0.0.1"],
  ["0x7f000001", "127.0.0.1"],
  ["0177.0.0.1", "127.0.0.1"],
  ["2130706433:8008", "127.0.0.1"],
  ["１２７.0.0.1", "127.0.0.1"],
  ["[127.0.0.1]:80", "127.0.0.1"],
  ["[::1]:8008", "::1"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["[::ffff:7f00:1]", "127.0.0.1"],
  ["::ffff:10.0.0.5", "10.0.0.5"],
  ["LOCALHOST:80", "localhost"],
  ["nas.localhost.", "nas.localhost"],
])("%j is an address or the machine itself: %s", (text, host) => {
  expect(parseDomain(text)).toMatchObject({ host, isLiteral: true });
});

test.each([
  "",
  "  ",
  ".",
  ":80",
  "http://nas.example.com",
  "https://nas.example.com/",
  "nas.example.com/path",
  "nas.example.com?x",
  "nas.example.com#x",
  "user@nas.example.com",
  "nas example.com",
  "nas.example.com\r\nX: y",
  "nas..example.com",
  ".example.com",
  "nas.example.com..",
  "*.example.com",
  "nas_1.example.com",
  "%6eas.example.com",
  "nas.example.com:",
  "nas.example.com:0",
  "nas.example.com:65536",
  "nas.example.com:http",
  "nas.example.com,other.example.com",
  "127.0.0.256",
  "nas.1",
  "[nas]",
  "[::1",
  `${"a".repeat(64)}.example.com`,
  `${"a.".repeat(127)}com`,
])("%j is no host name", (text) => {
  expect(parseDomain(text)).toBeUndefined();
});

test("hosts of requests are looked up without regard to case and one trailing dot", () => {
  expect(lookupKey("NAS.example.com")).toBe("nas.example.com");
  expect(lookupKey("nas.example.com.")).toBe("nas.example.com");
  expect(lookupKey("nas.example.com.:8008")).toBe("nas.example.com:8008");
  expect(lookupKey("nas.example.com..")).toBe("nas.example.com.");
  expect(lookupKey("")).toBe("");
});

test("names that can be kept have at most 253 characters", () => {
  expect(isDnsName("nz.example.com")).toBe(true);
  expect(isDnsName("nz_example.com")).toBe(false);
  expect(isDnsName(`${"a.".repeat(127)}com`)).toBe(false);
});
