import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, RandomBytes, Timer } from "@windfire/kit";
import { randomText } from "@windfire/kit";
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
const SECRET_LENGTH = 64;
const SWEEP_MS = 60_000;
const MOST_OF_ONE_TOKEN = 100;
const MOST_URLS = 10_000;

/** Links that work once. They live in memory only: the key that signs them is made anew with every start. */
export function createTransferUrls(deps: { clock: Clock; random: RandomBytes }) {
  const { clock, random } = deps;
  const key = randomText(random, SECRET_LENGTH);
  const entries = new Map<string, Entry>();
  const counters = { refused: 0 };
  let timer: Timer | undefined;

  const sign = ({ wish, expiresAt }: Entry): string => {
    const { direction, userId, tokenId, serverId, path } = wish;
    const nanoseconds = BigInt(Math.round(expiresAt)) * 1_000_000n;
    return createHmac("sha256", key).update([direction, userId, tokenId, serverId, path, nanoseconds].join("|")).digest("hex");
  };
  const sweep = (): void => {
    const now = clock.now();
    for (const [token, entry] of entries) if (entry.expiresAt < now) entries.delete(token);
  };
  const countOf = (tokenId: number): number => [...entries.values()].filter(({ wish }) => wish.tokenId === tokenId).length;

  return {
    counters,
    get size() {
      return entries.size;
    },
    /** `undefined` when there are too many unused ones. */
    mint(wish: TransferWish, lifeMs: number): MintedUrl | undefined {
      if (entries.size >= MOST_URLS || countOf(wish.tokenId) >= MOST_OF_ONE_TOKEN) sweep();
      if (entries.size >= MOST_URLS || countOf(wish.tokenId) >= MOST_OF_ONE_TOKEN) {
        counters.refused++;
        return undefined;
      }
      const entry = { wish, expiresAt: clock.now() + lifeMs };
      const token = `${randomText(random, NONCE_LENGTH)}.${sign(entry)}`;
      entries.set(token, entry);
      return { token, expiresAt: entry.expiresAt };
    },
    /** Any attempt uses the link up (spec 40 section 12.2). */
    use(token: string, direction: Direction): UsedUrl {
      const entry = entries.get(token);
      if (!entry) return { wish: undefined, failure: refused("permission_denied", "invalid or already-used transfer token") };
      entries.delete(token);
      const signature = token.slice(NONCE_LENGTH + 1);
      if (!matches(signature, sign(entry)))
        return { wish: entry.wish, failure: refused("permission_denied", "transfer token signature mismatch") };
      const failure = misuse(entry, direction, clock.now());
      return failure ? { wish: entry.wish, failure } : { wish: entry.wish, failure: undefined };
    },
    /** Throws all unused ones away; answers how many. */
    purge(): number {
      const { size } = entries;
      entries.clear();
      return size;
    },
    start(): void {
      timer ??= clock.setInterval(sweep, SWEEP_MS).unref();
    },
    stop(): void {
      timer?.cancel();
      timer = undefined;
    },
  };
}

export type TransferUrls = ReturnType<typeof createTransferUrls>;

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
