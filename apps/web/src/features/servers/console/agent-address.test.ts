import { expect, test } from "vitest";
import { addressOfPage, isAddress, isLoopback } from "./agent-address.ts";

test.each([
  [{ hostname: "status.example.net", port: "", protocol: "https:" }, "status.example.net:443"],
  [{ hostname: "10.0.0.5", port: "8008", protocol: "http:" }, "10.0.0.5:8008"],
  [{ hostname: "[2001:db8::1]", port: "", protocol: "http:" }, "[2001:db8::1]:80"],
])("the page's address for agents: %j", (location, address) => {
  expect(addressOfPage(location)).toBe(address);
  expect(isAddress(address)).toBe(true);
});

test.each(["", "host", "host:0", "host:65536", "https://host:443", "a b:1"])("%j is no address", (text) => {
  expect(isAddress(text)).toBe(false);
});

test.each([
  ["127.0.0.1:8008", true],
  ["localhost:8008", true],
  ["[::1]:8008", true],
  ["0.0.0.0:8008", true],
  ["127.example.net:443", false],
  ["10.0.0.5:8008", false],
  ["localhost.example.net:443", false],
])("%s is this machine alone: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
