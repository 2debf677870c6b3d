import { expect, test } from "vitest";
import { createLateAddress } from "./late-address.ts";

function setUp() {
  const written: string[] = [];
  const timers = new Set<() => void>();
  const late = createLateAddress({
    replace: (address) => void written.push(address),
    after(_ms, run) {
      timers.add(run);
      return () => timers.delete(run);
    },
  });
  const pass = () => {
    for (const run of timers) {
      timers.delete(run);
      run();
    }
  };
  return { late, written, timers, pass };
}

test("of what is typed quickly only the last is written, after a moment", () => {
  const { late, written, timers, pass } = setUp();
  for (const typed of ["/?q=a", "/?q=ab"]) late.write(typed);
  expect(written).toEqual([]);
  expect(timers.size).toBe(1);
  pass();
  expect(written).toEqual(["/?q=ab"]);
});

test("who leaves before takes it along, once", () => {
  const { late, written, pass } = setUp();
  late.write("/?q=a");
  late.settle();
  pass();
  late.settle();
  expect(written).toEqual(["/?q=a"]);
});

test("what belongs to a place that was left is not written over another", () => {
  const { late, written, pass } = setUp();
  late.write("/?q=a");
  late.drop();
  pass();
  expect(written).toEqual([]);
});
