import { afterEach, beforeEach, expect, test } from "vitest";
import type { Queries } from "#platform/database";
import { isOnSqlite, openTemporaryDatabase, queryPlan } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { dueMessages } from "./due.ts";
import { outboxStore } from "./store.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

/** A topic may have thousands of messages, most of which came to an end: none of these is looked at for another's sake. */
// The plan of PostgreSQL follows what is in the tables, which is nothing here.
test.runIf(isOnSqlite()).each([
  [
    "what is due",
    "wf_outbox_lane (lane=? AND id<?)",
    (queries: Queries) => dueMessages.targets(queries, 1, { topics: ["t"], busy: [], limit: 9 }),
  ],
  [
    "what is due of a target",
    "wf_outbox_lane (lane=? AND id<?)",
    (queries: Queries) => dueMessages.of(queries, 1, { topic: "t", target: "1" }, 9),
  ],
  ["when the next is due", "wf_outbox_lane (lane=? AND id<?)", (queries: Queries) => dueMessages.next(queries, 1, [])],
  [
    "whether a target is full",
    "COVERING INDEX wf_outbox_target (topic=? AND target=? AND state=?)",
    (queries: Queries) => outboxStore.pendingOf(queries, { topic: "t", target: "1" }),
  ],
  ["messages of a topic", "wf_outbox_topic (topic=?)", (queries: Queries) => outboxStore.find(queries, { topic: "t" }, 9)],
  [
    "the next page of them",
    "wf_outbox_topic (topic=? AND id<?)",
    (queries: Queries) => outboxStore.find(queries, { topic: "t", beforeId: 9 }, 9),
  ],
  ["messages of an event", "wf_outbox_event (event=?)", (queries: Queries) => outboxStore.find(queries, { topic: "t", event: "e" }, 9)],
  ["messages of a lane", "wf_outbox_lane (lane=?)", (queries: Queries) => outboxStore.find(queries, { topic: "t", lane: "l" }, 9)],
  [
    "an event that is over",
    "wf_outbox_event (event=?)",
    (queries: Queries) => outboxStore.withdraw(queries, { topic: "t", event: "e" }, "r", 1),
  ],
])("%s is found by its index", async (_what, index, ask) => {
  expect(await queryPlan(temporary.database, ask)).toContain(index);
});
