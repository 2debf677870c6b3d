import { systemClock } from "@windfire/kit";
import { openDatabase } from "../open-database.ts";

/** A process of its own that writes rows until it is killed, and prints how many were acknowledged. */
const log = { info: () => undefined, warn: () => undefined };
const database = await openDatabase({ path: process.argv[2] ?? "", clock: systemClock, log, serviceHistories: true });
for (let count = 1; ; count++) {
  await database.kysely
    .insertInto("servers")
    .values({ user_id: 1, name: `server ${count}` })
    .execute();
  process.stdout.write(`${count}\n`);
}
