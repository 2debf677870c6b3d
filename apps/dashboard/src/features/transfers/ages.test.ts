import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createAges } from "./ages.ts";

const HOUR_MS = 3_600_000;

test("a transfer is as old as it is, whatever the wall clock is set to", () => {
  const clock = createFakeClock();
  const ages = createAges({ clock });
  const transfer = { id: 1, createdMs: clock.now() - HOUR_MS };
  expect(ages.of(transfer)).toBe(HOUR_MS);
  clock.jump(48 * HOUR_MS);
  clock.advance(HOUR_MS);
  expect(ages.of(transfer)).toBe(2 * HOUR_MS);
  clock.jump(-96 * HOUR_MS);
  ages.keepOnly([transfer]);
  expect(ages.of(transfer)).toBe(2 * HOUR_MS);
});

test("another process knows only what the wall clock says, and nothing is younger than just begun", () => {
  const clock = createFakeClock();
  expect(createAges({ clock }).of({ id: 1, createdMs: clock.now() - 30 * HOUR_MS })).toBe(30 * HOUR_MS);
  expect(createAges({ clock }).of({ id: 1, createdMs: clock.now() + HOUR_MS })).toBe(0);
});

test("what ended is forgotten", () => {
  const clock = createFakeClock();
  const ages = createAges({ clock });
  const transfer = { id: 1, createdMs: clock.now() };
  ages.of(transfer);
  ages.keepOnly([{ id: 2 }]);
  clock.jump(HOUR_MS);
  expect(ages.of(transfer)).toBe(HOUR_MS);
});
