import type { Database } from "#platform/database";
import { createGround } from "./ground.ts";
import type { OnGround } from "./ground.ts";
import { describeHolding } from "./holding.ts";
import { describeLosing } from "./losing.ts";

/** A database with its tables, empty, and how to be rid of it. */
export interface LeaseGround {
  readonly database: Database;
  remove(): Promise<void>;
}

/** What leases promise on every database. `open` gives an empty one for each test. */
export function testLeases(open: () => Promise<LeaseGround>): void {
  const onGround: OnGround = (run) => async () => {
    const opened = await open();
    const { ground, stop } = createGround(opened.database);
    try {
      await run(ground);
      await stop();
    } finally {
      await opened.remove();
    }
  };
  describeHolding(onGround);
  describeLosing(onGround);
}
