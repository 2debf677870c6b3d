import { sql } from "kysely";
import type { Expression, SqlBool } from "kysely";
import type { MessageState } from "./model.ts";

/** Which messages are meant. An empty list means none. */
export interface MessageFilter {
  readonly topic: string;
  readonly target?: string;
  /** Any of these. */
  readonly targets?: readonly string[];
  readonly event?: string;
  /** Any of these. */
  readonly events?: readonly string[];
  readonly lane?: string;
  readonly states?: readonly MessageState[];
  /** Older than this one: for the next page. */
  readonly beforeId?: number;
}

/** The indexes of lanes and events leave out messages without one: said as text, because they do not know what a parameter will be. */
const HAS_LANE = sql<SqlBool>`lane <> ''`;
const HAS_EVENT = sql<SqlBool>`event <> ''`;

/** All of a topic are found by its index, those of an event or a lane by theirs: adding nothing keeps the first one out. */
function isOfTopic({ topic, event, events, lane }: MessageFilter) {
  return event || events || lane ? sql<SqlBool>`topic || '' = ${topic}` : sql<SqlBool>`topic = ${topic}`;
}

/** A query of messages, of those that fit. */
export function fitting<Query extends { where(condition: Expression<SqlBool>): Query }>(query: Query, where: MessageFilter): Query {
  const { beforeId, event, events, lane, states, target, targets } = where;
  const conditions = [isOfTopic(where)];
  if (target !== undefined) conditions.push(sql<SqlBool>`target = ${target}`);
  if (targets !== undefined) conditions.push(sql<SqlBool>`target IN (${sql.join(targets)})`);
  if (event !== undefined) conditions.push(sql<SqlBool>`event = ${event}`, ...(event === "" ? [] : [HAS_EVENT]));
  if (events !== undefined) conditions.push(sql<SqlBool>`event IN (${sql.join(events)})`, HAS_EVENT);
  if (lane !== undefined) conditions.push(sql<SqlBool>`lane = ${lane}`, ...(lane === "" ? [] : [HAS_LANE]));
  if (states !== undefined) conditions.push(sql<SqlBool>`state IN (${sql.join(states)})`);
  if (beforeId !== undefined) conditions.push(sql<SqlBool>`id < ${beforeId}`);
  return conditions.reduce((narrowed, condition) => narrowed.where(condition), query);
}
