import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, RandomBytes } from "@windfire/kit";
import { randomText } from "@windfire/kit";
import type { TicketOffice } from "#platform/tickets";
import { McpFailure } from "../model.ts";
import type { FailureOutcome } from "../model.ts";

export type Direction = "download" | "upload";

/** What a link is for and on whose behalf (spec 40 section 12.1). Nothing of it is trusted when the link is used. */
export interface TransferWish {
  readonly direction: Direction;
  readonly userId: number;
  readonly tokenId: number;
  readonly serverId: number;
  readonly path: string;
  /** Octal text, "" for the agent's default. */
  readonly mode: string;
  readonly createDirs: boolean;
  /** "" for no precondition. */
  readonly ifMatchSha256: string;
}

export interface MintedUrl {
  readonly token: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** A link that was used; `failure` when it is no good for what it was used for, without a wish when nobody knows it. */
export type UsedUrl =
  | { readonly wish: TransferWish; readonly failure: undefined }
  | { readonly wish: TransferWish | undefined; readonly failure: McpFailure };

interface Entry {
  readonly wish: TransferWish;
  readonly expiresAt: number;
}

const NONCE_LENGTH = 24;
const LONGEST_MS = 600_000;
/** So long one that is too old is told from one that nobody knows. */
const KEPT_MS = 60_000;
const MOST_OF_ONE_TOKEN = 100;
const MOST_URLS = 10_000;

export interface TransferUrlDeps {
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  /** Keeps what has not been used: where there are several dashboards, for all of them. */
  readonly tickets: TicketOffice;
  /** Signs links; the same for all dashboards of the installation. */
  readonly key: Uint8Array;
}

/** Links that work once, at any dashboard of the installation. */
export async function createTransferUrls({ clock, random, tickets, key }: TransferUrlDeps) {
  const limits = { most: MOST_URLS, mostOfHolder: MOST_OF_ONE_TOKEN, whenFull: "refused" } as const;
  const open = await tickets<Entry>({ name: "mcp-transfer", lifeMs: LONGEST_MS + KEPT_MS, ...limits });
  const counters = { refused: 0 };

  const sign = ({ wish, expiresAt }: Entry): string => {
    const { direction, userId, tokenId, serverId, path } = wish;
    const nanoseconds = BigInt(Math.round(expiresAt)) * 1_000_000n;
    return createHmac("sha256", key).update([direction, userId, tokenId, serverId, path, nanoseconds].join("|")).digest("hex");
  };
  return {
    counters,
    /** `undefined` when there are too many unused ones. */
    async mint(wish: TransferWish, lifeMs: number): Promise<MintedUrl | undefined> {
      const entry = { wish, expiresAt: clock.now() + lifeMs };
      const token = `${randomText(random, NONCE_LENGTH)}.${sign(entry)}`;
      const isKept = await open.put(token, entry, { holder: `token ${wish.tokenId}`, lifeMs: lifeMs + KEPT_MS });
      if (isKept) return { token, expiresAt: entry.expiresAt };
      counters.refused++;
      return undefined;
    },
    /** Any attempt uses the link up (spec 40 section 12.2). */
    async use(token: string, direction: Direction): Promise<UsedUrl> {
      const entry = await open.take(token, () => true);
      if (!entry) return { wish: undefined, failure: refused("permission_denied", "invalid or already-used transfer token") };
      const signature = token.slice(NONCE_LENGTH + 1);
      if (!matches(signature, sign(entry)))
        return { wish: entry.wish, failure: refused("permission_denied", "transfer token signature mismatch") };
      const failure = misuse(entry, direction, clock.now());
      return failure ? { wish: entry.wish, failure } : { wish: entry.wish, failure: undefined };
    },
    /** Throws all unused ones away; answers how many. */
    purge: open.clear,
  };
}

export type TransferUrls = Awaited<ReturnType<typeof createTransferUrls>>;

function misuse({ wish, expiresAt }: Entry, direction: Direction, now: number): McpFailure | undefined {
  if (wish.direction !== direction) return refused("invalid_args", "transfer token direction mismatch");
  return now > expiresAt ? refused("scope_denied", "transfer token expired") : undefined;
}

function matches(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

export function refused(outcome: FailureOutcome, text: string): McpFailure {
  return new McpFailure(outcome, text, { status: 401 });
}
