import type { Readable } from "node:stream";
import { createBudgetShare, createByteBudget } from "@windfire/kit";
import type { ByteBudget } from "@windfire/kit";
import type { FastifyRequest } from "fastify";
import type { Caller } from "#kernel";

/** Bytes of requests that are in memory before anybody has looked at them, of all connections together (spec 60 section 5). */
export interface BodyBudgets {
  /** For those who have shown a credential. */
  readonly known: ByteBudget;
  /** For everybody else: a part, so that strangers cannot keep the others from being heard. */
  readonly strangers: ByteBudget;
}

export function createBodyBudgets(limits: { totalBytes: number; strangerBytes: number }): BodyBudgets {
  const known = createByteBudget(limits.totalBytes);
  return { known, strangers: createByteBudget(limits.strangerBytes, known) };
}

export function budgetOf(caller: Caller, budgets: BodyBudgets): ByteBudget {
  return caller.kind === "guest" ? budgets.strangers : budgets.known;
}

/** `busy`: all bodies together are too many; `gone`: the sender went away. */
export type BodyBytes = { readonly bytes: Buffer } | { readonly refused: "too-large" | "busy" | "gone" };

/** Reads a body up to a limit; the rest of a longer one is left unread. What it takes is given back when it is whole. */
export async function readBytes(source: Readable, limitBytes: number, budget: ByteBudget): Promise<BodyBytes> {
  const share = createBudgetShare(budget);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limitBytes) return { refused: "too-large" };
      if (!share.hold(size)) return { refused: "busy" };
      chunks.push(chunk);
    }
    return { bytes: Buffer.concat(chunks, size) };
  } catch {
    return { refused: "gone" };
  } finally {
    share.hold(0);
  }
}

/** Length that a request announces, 0 when it announces none. */
export function announcedBytes({ headers }: FastifyRequest): number {
  const length = Number(headers["content-length"] ?? 0);
  return Number.isSafeInteger(length) ? length : 0;
}
