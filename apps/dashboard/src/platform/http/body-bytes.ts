import type { Readable } from "node:stream";
import { setImmediate as soon } from "node:timers/promises";
import { createBudgetShare, createByteBudget, createSerialQueue } from "@windfire/kit";
import type { BudgetShare, ByteBudget, SerialQueue } from "@windfire/kit";
import type { FastifyRequest } from "fastify";
import type { Caller } from "#kernel";

/** Bytes of requests that are in memory before anybody has looked at them, of all connections together (spec 60 section 5). */
export interface BodyBudgets {
  /** For those who have shown a credential. */
  readonly known: ByteBudget;
  /** For everybody else: a part, so that strangers cannot keep the others from being heard. */
  readonly strangers: ByteBudget;
  /** In which long bodies are looked at and long answers are made, one in each turn of the event loop. */
  readonly turns: SerialQueue;
}

export function createBodyBudgets(limits: { totalBytes: number; strangerBytes: number }): BodyBudgets {
  const known = createByteBudget(limits.totalBytes);
  return { known, strangers: createByteBudget(limits.strangerBytes, known), turns: createSerialQueue() };
}

export function budgetOf(caller: Caller, budgets: BodyBudgets): ByteBudget {
  return caller.kind === "guest" ? budgets.strangers : budgets.known;
}

/** From this length on looking at a body takes a noticeable time. */
const LONG_BYTES = 64 * 1024;

export interface BodyRoom {
  readonly limitBytes: number;
  readonly budget: ByteBudget;
  readonly turns: SerialQueue;
}

/** `busy`: all bodies together are too many; `gone`: the sender went away. */
export type BodyResult<T> = { readonly used: T } | { readonly refused: "too-large" | "busy" | "gone" };

/**
 * Reads a body up to a limit, the rest of a longer one is left unread, and hands it to `use`. Its bytes count until that is done. Long
 * ones are looked at one after the other, and whatever else came meanwhile goes in between: many that arrive at once hold nobody up.
 */
export async function withBody<T>(source: Readable, room: BodyRoom, use: (bytes: Buffer) => Promise<T> | T): Promise<BodyResult<T>> {
  const share = createBudgetShare(room.budget);
  try {
    const read = await readBytes(source, room.limitBytes, share);
    if (typeof read === "string") return { refused: read };
    if (read.length < LONG_BYTES) return { used: await use(read) };
    return { used: await room.turns.run(async () => (await soon(), use(read))) };
  } finally {
    share.hold(0);
  }
}

async function readBytes(source: Readable, limitBytes: number, share: BudgetShare): Promise<Buffer | "too-large" | "busy" | "gone"> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limitBytes) return "too-large";
      if (!share.hold(size)) return "busy";
      chunks.push(chunk);
    }
  } catch {
    return "gone";
  }
  return Buffer.concat(chunks, size);
}

/** Length that a request announces, 0 when it announces none. */
export function announcedBytes({ headers }: FastifyRequest): number {
  const length = Number(headers["content-length"] ?? 0);
  return Number.isSafeInteger(length) ? length : 0;
}

/** Whether a request ends with its head, which HTTP/1.1 says there (RFC 9112 section 6.3): to wait for the end of nothing costs more than most answers. */
export function hasNoBody({ raw, headers }: FastifyRequest): boolean {
  return raw.httpVersionMajor === 1 && headers["transfer-encoding"] === undefined && (headers["content-length"] ?? "0") === "0";
}
