import fc from "fast-check";
import { expect, test } from "vitest";
import { createBoundedQueue } from "./index.ts";

test("a full queue refuses or drops the oldest, and counts either", () => {
  const refusing = createBoundedQueue<number>({ capacity: 2, whenFull: "refuse" });
  expect([1, 2, 3].map((item) => refusing.push(item))).toEqual(["queued", "queued", "refused"]);
  expect(refusing.drain()).toEqual([1, 2]);
  expect(refusing.lost).toBe(1);
  const dropping = createBoundedQueue<number>({ capacity: 2, whenFull: "drop-oldest" });
  expect([1, 2, 3].map((item) => dropping.push(item))).toEqual(["queued", "queued", "dropped-oldest"]);
  expect(dropping.drain()).toEqual([2, 3]);
  expect(dropping.lost).toBe(1);
});

test("it behaves like a list that is cut at its capacity", () => {
  const step = fc.oneof(
    fc.record({ push: fc.nat() }),
    fc.constant("shift" as const),
    fc.record({ drain: fc.nat(5) }),
    fc.constant("clear" as const),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom("refuse" as const, "drop-oldest" as const),
      fc.array(step, { maxLength: 200 }),
      (capacity, whenFull, steps) => {
        const queue = createBoundedQueue<number>({ capacity, whenFull });
        let model: number[] = [];
        for (const action of steps) {
          if (action === "shift") expect(queue.shift()).toBe(model.shift());
          else if (action === "clear") {
            queue.clear();
            model = [];
          } else if ("drain" in action) expect(queue.drain(action.drain)).toEqual(model.splice(0, action.drain));
          else {
            queue.push(action.push);
            if (model.length < capacity || whenFull === "drop-oldest") model.push(action.push);
            if (model.length > capacity) model.shift();
          }
          expect(queue.size).toBe(model.length);
          expect(queue.peek()).toBe(model[0]);
        }
      },
    ),
  );
});

test("a capacity that is none is refused", () => {
  expect(() => createBoundedQueue({ capacity: 0, whenFull: "refuse" })).toThrow(RangeError);
});
