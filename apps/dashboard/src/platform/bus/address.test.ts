import { expect, test } from "vitest";
import { parseBusAddress } from "./address.ts";

test("servers and credentials are told apart", () => {
  expect(parseBusAddress("nats://bus.lan")).toEqual({ servers: ["nats://bus.lan:4222"], tls: false });
  expect(parseBusAddress("tls://me:p%40ss@a:1, tls://b:2")).toEqual({
    servers: ["nats://a:1", "nats://b:2"],
    tls: true,
    user: "me",
    password: "p@ss",
  });
  expect(parseBusAddress("nats://secret@[::1]:4222/")).toEqual({ servers: ["nats://[::1]:4222"], tls: false, token: "secret" });
});

test.each([
  ["", "must be nats://host:port"],
  ["http://bus", "must be nats://host:port"],
  ["nats://", "must be nats://host:port"],
  ["nats://a:1/prefix", "behind host and port"],
  ["nats://a:1,tls://b:2", "mixes"],
])("%j is refused without saying its secrets", (text, said) => {
  expect(parseBusAddress(text)).toContain(said);
  expect(parseBusAddress(text.replace("//", "//me:hunter2@"))).not.toContain("hunter2");
});
