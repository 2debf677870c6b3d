import { expect, test } from "vitest";
import { simulateReplicas } from "./simulate-replicas.ts";

/** A few of them; `npm run simulate -- --replicas` plays more. */
const COUNT = 4;
/**
 * Seeds that once found something: a judge that stood still in a transaction, one whose machine slept for a moment, and what was written when
 * another had the server.
 */
const FOUND = [8, 67, 109];

test.each([...FOUND, ...Array.from({ length: COUNT }, (_, index) => index + 1)])(
  "seed %i",
  async (seed) => {
    expect(await simulateReplicas(seed)).toEqual([]);
  },
  60_000,
);
