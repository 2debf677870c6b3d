import type { Buffer } from "node:buffer";
import { type BudgetShare, type ByteBudget, createBudgetShare } from "@windfire/kit";
import { createMessageSplitter, type MessageSplitter } from "@windfire/protocol";
import type { CallEnd } from "./call.ts";
import { RequestCutShort, TooManyBytes } from "./fault.ts";

/** Messages taken in one turn of the event loop: a peer that sends very many has others' work done in between. */
const PER_TURN = 256;

export interface InboxHandlers {
  /** Called once: after the last message, or after `stop` when the peer's half is over. Not before `start`. */
  onEnd(how: CallEnd): void;
  /** The taker threw, the framing is broken, or the request ended inside a message. Nothing is delivered after it. */
  onError(error: unknown): void;
  /** All that came is taken, after `isBehind` was true. */
  onCaughtUp(): void;
}

/**
 * What one peer has sent and nobody has taken yet: chunks in, messages out, one at a time. Holds back while it is not started or
 * paused, and remembers the end of the request until everything before it has been delivered.
 */
export class Inbox {
  readonly #handlers: InboxHandlers;
  readonly #splitter: MessageSplitter;
  readonly #share: BudgetShare;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #take: ((message: Buffer) => void) | undefined;
  #isStarted = false;
  #isPaused = false;
  #isStopped = false;
  #isDelivering = false;
  /** Messages are left for a later turn. */
  #isBehind = false;
  #isEndTold = false;
  #end: CallEnd | undefined;

  constructor(maxMessageBytes: number, budget: ByteBudget, handlers: InboxHandlers) {
    this.#splitter = createMessageSplitter(maxMessageBytes);
    this.#handlers = handlers;
    this.#share = createBudgetShare(budget);
  }

  /** Whether more may come. */
  get isFlowing(): boolean {
    return this.#isStarted && !this.#isPaused && !this.#isStopped;
  }

  /** Whether more came than was taken in this turn: the rest follows in the next ones. */
  get isBehind(): boolean {
    return this.#isBehind && !this.#isStopped;
  }

  /** Who gets the messages; without a taker they are dropped. */
  onMessage(take: (message: Buffer) => void): void {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    if (this.#isStopped) return;
    if (this.#chunks.length === 0 && this.isFlowing && !this.#isDelivering && !this.#isBehind) this.#splitter.push(chunk);
    else this.#keep(chunk);
    this.#pump();
    this.#account();
  }

  end(how: CallEnd): void {
    this.#end ??= this.#isStopped ? "cancelled" : how;
    if (this.#isStopped) this.#tellEnd();
    else if (this.#isStarted && !this.#isDelivering && !this.#isBehind && this.#isEmpty()) this.#finish();
    else this.#pump();
  }

  start(): void {
    this.#isStarted = true;
    this.#pump();
    this.#account();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#pump();
    this.#account();
  }

  /** Delivers nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#chunks.length = 0;
    this.#waitingBytes = 0;
    this.#share.hold(0);
    this.#tellEnd();
  }

  /** What waits for its taker, or for the rest of its message, counts with the bytes of all other requests. */
  #account(): void {
    if (this.#isStopped || this.#isDelivering) return;
    if (!this.#share.hold(this.#waitingBytes + this.#splitter.held())) this.#fail(new TooManyBytes());
  }

  #keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
  }

  #isEmpty(): boolean {
    return this.#chunks.length === 0 && !this.#splitter.unfinished();
  }

  #pump(): void {
    if (!this.isFlowing || this.#isDelivering || this.#isBehind) return;
    this.#isDelivering = true;
    try {
      this.#deliver();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isDelivering = false;
    }
    if (this.isFlowing && !this.#isBehind) this.#finish();
  }

  #goOn(): void {
    this.#isBehind = false;
    this.#pump();
    this.#account();
    if (!this.#isBehind) this.#handlers.onCaughtUp();
  }

  #deliver(): void {
    for (let left = PER_TURN; this.isFlowing;) {
      const message = this.#splitter.next();
      if (message !== undefined) {
        this.#take?.(message);
        if (--left > 0) continue;
        this.#isBehind = true;
        setImmediate(() => this.#goOn());
        return;
      }
      const chunk = this.#chunks.shift();
      if (chunk === undefined) return;
      this.#waitingBytes -= chunk.length;
      this.#splitter.push(chunk);
    }
  }

  /** Everything that came has been delivered. */
  #finish(): void {
    if (this.#end === "half-close" && this.#splitter.unfinished()) this.#fail(new RequestCutShort());
    else if (this.#end !== undefined) this.stop();
  }

  #fail(error: unknown): void {
    this.#end = "cancelled";
    this.#isStopped = true;
    this.#handlers.onError(error);
    this.stop();
  }

  #tellEnd(): void {
    if (this.#isEndTold || this.#end === undefined) return;
    this.#isEndTold = true;
    this.#handlers.onEnd(this.#end);
  }
}
