import { expect, test } from "vitest";
import { GUEST } from "#kernel";
import type { Caller } from "#kernel";
import { createSocketPlaces } from "./socket-places.ts";

const session = (id: number): Caller => ({ kind: "session", user: { id, username: "u", role: 1 }, sessionKey: "k", via: "header" });
const token: Caller = { kind: "token", user: { id: 7, username: "u", role: 1 }, tokenId: 1, scopes: [], serverIds: new Set() };

test("a user holds so many, tokens included, wherever they come from; others are not touched", () => {
  const places = createSocketPlaces({ total: 100, perHolder: 2 });
  const leave = places.take(session(7), "203.0.113.1");
  places.take(token, "203.0.113.2");
  expect(places.refusal(session(7), "203.0.113.3")?.message).toBe("too many open connections of yours");
  expect(places.refusal(session(8), "203.0.113.1")).toBeUndefined();
  leave();
  expect(places.refusal(token, "")).toBeUndefined();
  expect(places).toMatchObject({ open: 1, refused: 1 });
});

test("guests are held by their address where it is known, and by the total alone where a proxy brings them all", () => {
  const places = createSocketPlaces({ total: 4, perHolder: 1 });
  places.take(GUEST, "203.0.113.1");
  expect(places.refusal(GUEST, "203.0.113.1")).toBeDefined();
  expect(places.refusal(GUEST, "203.0.113.2")).toBeUndefined();
  for (let viewer = 0; viewer < 3; viewer++) {
    expect(places.refusal(GUEST, "")).toBeUndefined();
    places.take(GUEST, "");
  }
  expect(places.refusal(GUEST, "")?.message).toBe("too many open connections");
});

test("the addresses of a /64 are one guest", () => {
  const places = createSocketPlaces({ total: 100, perHolder: 2 });
  places.take(GUEST, "2001:db8::1");
  const leave = places.take(GUEST, "2001:db8:0:0:ffff::2");
  expect(places.refusal(GUEST, "2001:db8::3")).toBeDefined();
  expect(places.refusal(GUEST, "2001:db8:0:1::3")).toBeUndefined();
  leave();
  expect(places.refusal(GUEST, "2001:db8::3")).toBeUndefined();
});
