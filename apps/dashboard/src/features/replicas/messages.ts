import { z } from "zod";
import type { StreamRefusal } from "#kernel";

/** A newer version may add members; one that changes the meaning of any has another number. */
const VERSION = 1;

/** What replicas ask each other, in JSON. */
function message<Shape extends z.ZodRawShape>(shape: Shape) {
  const schema = z.object({ v: z.literal(VERSION), ...shape });
  return {
    encode: (value: Omit<z.input<typeof schema>, "v">): Uint8Array => Buffer.from(JSON.stringify({ v: VERSION, ...value })),
    /** `undefined` for what is none, or of another version. */
    decode(bytes: Uint8Array): z.output<typeof schema> | undefined {
      try {
        return schema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
      } catch {
        return undefined;
      }
    },
  };
}

const serverId = z.int().positive();
const task = z.object({ id: z.number(), type: z.number(), data: z.string() });
const outcome = z.enum(["sent", "offline", "queue-full"]);
const purpose = z.enum(["terminal", "files", "nat", "mcp-transfer"]);
const refusal = z.enum([
  "offline",
  "queue-full",
  "too many concurrent streams",
  "too many concurrent streams for this user",
  "too many concurrent streams for this server",
] satisfies StreamRefusal[]);
const reason = z.enum(["peer-ended", "revoked", "timeout", "overflow", "shutdown"]);
const request = z.object({ purpose, creatorId: z.int().nonnegative(), serverId, attachMs: z.number().exactOptional() });
const stream = request.extend({ id: z.string() });
const attachment = z.enum(["attached", "unknown", "taken"]);

export const dispatchMessage = message({ serverId, task });
export const outcomeMessage = message({ outcome });
/** A result of a task that the other replica gave. */
export const resultMessage = message({
  serverId,
  result: z.object({ id: z.number(), type: z.number(), delay: z.number(), data: z.string(), successful: z.boolean() }),
});
export const openMessage = message({ stream, task });
export const openedMessage = message({ refused: refusal.exactOptional() });
export const findMessage = message({ id: z.string() });
export const foundMessage = message({ stream: stream.exactOptional() });
export const closeMessage = message({ purpose: purpose.exactOptional(), serverId: serverId.exactOptional(), reason });
export const closedMessage = message({ count: z.int().nonnegative() });
/** An end that is at the asking replica comes to a stream; agents say whose server they are. */
export const joinMessage = message({
  channel: z.int().positive(),
  id: z.string(),
  serverId: serverId.exactOptional(),
  instead: z.boolean(),
});
export const joinedMessage = message({ outcome: attachment });
/** Milliseconds of the wall clock, marks of settings by their names, and what people call the dashboard. */
export const commonMessage = message({ now: z.number(), place: z.string().exactOptional(), settings: z.record(z.string(), z.string()) });
/** Those who look at all servers there, the `most` who came first. */
export const viewersMessage = message({ most: z.int().nonnegative() });
export const viewingMessage = message({
  total: z.int().nonnegative(),
  /** User, address, when they came. */
  users: z.array(z.tuple([z.int().nonnegative(), z.string(), z.number()])),
});
/** Whether rows are in memory up to this line of the change log. */
export const reachMessage = message({ sequence: z.int().nonnegative() });
export const reachedMessage = message({});
/** Agents of these servers are to sign in anew. */
export const cutMessage = message({ serverIds: z.array(serverId) });
