import type { Duplex } from "node:stream";
import { createBodyReader } from "./answer-body.ts";
import { parseAnswerHead } from "./answer-head.ts";
import type { AnswerHead } from "./answer-head.ts";
import { createHeadCollector } from "./head-collector.ts";

/** Who takes what a backend answers. */
export interface AnswerTaker {
  /** The final head, once. `false`: it cannot be given, nothing more is wanted. */
  head(head: AnswerHead): boolean;
  /** A piece of the body. `false`: wait for `resume` before the next one. */
  data(bytes: Buffer): boolean;
  /** The answer is whole. */
  end(): void;
  /** The backend has agreed to the other protocol; `early` is what it said in it already. */
  upgraded(head: AnswerHead, early: Buffer): void;
  /** There is no answer, or no more of it. */
  failed(): void;
}

const MAX_INTERIM = 100;
const SWITCHING_PROTOCOLS = 101;
const OK = 200;

/** Reads one answer off a connection with a backend; whatever follows it is ignored. The taker hears one of `end`, `upgraded`, `failed`. */
export function readAnswer(socket: Duplex, asked: { readonly method: string; readonly upgrades: boolean }, taker: AnswerTaker): void {
  let body: ReturnType<typeof createBodyReader> | undefined;
  const heads = createHeadCollector();
  let interim = 0;

  const finish = (how: "end" | "failed"): void => {
    stop();
    taker[how]();
  };
  const takeBody = (bytes: Buffer): void => {
    const { data, state } = body?.take(bytes) ?? { data: [], state: "broken" };
    let goesOn = true;
    for (const piece of data) goesOn = taker.data(piece) && goesOn;
    if (state === "open") return goesOn ? undefined : void socket.pause();
    return finish(state === "done" ? "end" : "failed");
  };
  const takeHead = (head: AnswerHead, rest: Buffer): void => {
    if (head.status === SWITCHING_PROTOCOLS) {
      if (!asked.upgrades || head.upgrade === undefined) return finish("failed");
      stop();
      return taker.upgraded(head, rest);
    }
    if (head.status < OK) {
      interim += 1;
      return interim > MAX_INTERIM ? finish("failed") : take(rest);
    }
    if (!taker.head(head)) return stop();
    body = createBodyReader(head.framing);
    return takeBody(rest);
  };
  /** Bytes before the body: the head may come in pieces, and after interim ones. */
  const take = (bytes: Buffer): void => {
    const whole = heads.take(bytes);
    if (whole === undefined) return undefined;
    const head = whole === "too-large" ? undefined : parseAnswerHead(whole.text, asked.method);
    return whole === "too-large" || head === undefined ? finish("failed") : takeHead(head, whole.rest);
  };
  const onData = (bytes: Buffer): void => (body === undefined ? take(bytes) : takeBody(bytes));
  const onEnd = (): void => finish(body?.isWholeAtEnd() === true ? "end" : "failed");
  const onClose = (): void => finish("failed");
  const stop = (): void => {
    socket.off("data", onData).off("end", onEnd).off("close", onClose);
  };
  socket.on("data", onData).on("end", onEnd).on("close", onClose);
}
