import { expect, test } from "vitest";
import { NO_MORE } from "../engines.ts";
import { BREAKS } from "./breaks.ts";
import { simulateReplicas } from "./simulate-replicas.ts";

/** What each is found by, and seeds in which it was. */
const FOUND = [
  ["fencing", "as the judge, which was", [1, 3]],
  ["asking", "and the judge was", [13, 25]],
  ["following", "nobody judge", [1, 2]],
  ["parting", "away", [31, 46]],
] as const;

test.each(FOUND)(
  "without %s replicas are seen to do what they must not",
  async (what, said, seeds) => {
    const engines = { ...NO_MORE, crons: true };
    const found: string[] = [];
    for (const seed of seeds) found.push(...(await simulateReplicas(seed, { engines, broken: BREAKS[what]() })));
    expect(found.filter((finding) => finding.includes(said))).not.toEqual([]);
  },
  120_000,
);
