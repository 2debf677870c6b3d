import { expect, test } from "vitest";
import { asksToConfirm, checkTunnel, readTunnel, writeTunnel } from "./tunnel-values.ts";

const STORED = {
  id: 1,
  created_at: "",
  updated_at: "",
  enabled: false,
  name: "nas",
  server_id: 4,
  host: "127.0.0.1:5000",
  domain: "nas.example.com",
};

test("a row goes out as it came in, without a confirmation", () => {
  const { id, created_at, updated_at, ...editable } = STORED;
  expect(writeTunnel(readTunnel(STORED))).toEqual(editable);
  expect([id, created_at, updated_at]).toHaveLength(3);
});

test("a new tunnel is on and lacks everything else", () => {
  expect(readTunnel(undefined).enabled).toBe(true);
  expect(Object.keys(checkTunnel(readTunnel(undefined)))).toEqual(["name", "server", "host", "domain"]);
});

test.each([
  ["host", "localhost:80", true],
  ["host", "[::1]:80", true],
  ["host", "localhost", false],
  ["domain", "nas.example.com:8443", true],
  ["domain", "https://nas.example.com", false],
  ["domain", "nas", false],
] as const)("%s %s: %s", (field, value, good) => {
  expect(checkTunnel({ ...readTunnel(STORED), [field]: value })[field] === undefined).toBe(good);
});

test("the confirmation goes along once it is written", () => {
  expect(asksToConfirm("agents use this host name: repeat it in confirm_domain to take it")).toBe(true);
  expect(asksToConfirm("permission denied")).toBe(false);
  expect(writeTunnel({ ...readTunnel(STORED), confirm: "nas.example.com" })).toMatchObject({ confirm_domain: "nas.example.com" });
});
