import type { Mailer } from "#features/notifications";
import type { Outbound } from "#platform/outbound";
import { OutboundError } from "#platform/outbound";
import type { Message } from "#platform/outbox";
import { AppError } from "#kernel";
import { titleOf } from "../drawing/document.ts";
import type { StatusPage } from "../pages/model.ts";
import type { Delivered, Letter } from "./announcing.ts";
import { createPieces, wordsFor } from "./pieces.ts";
import type { Piece, PieceDeps } from "./pieces.ts";
import type { Subscriber } from "./store.ts";

export interface LetterDeps extends PieceDeps {
  readonly pages: { get(id: number): StatusPage | undefined };
  readonly mailer: Pick<Mailer, "post">;
  readonly outbound: Pick<Outbound, "send">;
}

const MOST_SUBJECT = 200;

/** Puts news into words when they are sent, and says them: by mail, or as JSON to a webhook. */
export function createLetters(deps: LetterDeps) {
  const { tokens } = deps;
  const { addressOf, pieceOf, question } = createPieces(deps);
  const mail = async (
    page: StatusPage,
    subscriber: Subscriber,
    pieces: readonly Piece[],
    message: Message,
    signal: AbortSignal,
  ): Promise<Delivered> => {
    const words = wordsFor(subscriber, page, deps.location);
    const title = titleOf(page, words);
    const isQuestion = pieces.some(({ data }) => data["type"] === "confirm");
    const [only] = pieces.length === 1 ? pieces : [];
    const end = `${addressOf(page)}/unsubscribe/${tokens.of("end", subscriber)}`;
    const subject = only?.subject ?? words.t("mailGathered", { count: String(pieces.length), title });
    const body = pieces.map(({ text }) => text).join("\n\n----\n\n");
    const foot = `\n\n-- \n${title}\n${words.t("mailPage", { url: only?.url ?? addressOf(page) })}\n${words.t("mailEnd", { url: end })}\n`;
    const headers = { "List-Unsubscribe": `<${end}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
    const letter = {
      to: subscriber.address,
      subject: subject.slice(0, MOST_SUBJECT),
      text: isQuestion ? `${body}\n` : body + foot,
      id: `status-page-${message.id}`,
      headers,
    };
    const posted = await deps.mailer.post(page.channelId, letter, signal);
    if (posted === undefined) return { kind: "dead", reason: "the page has no e-mail channel" };
    if (posted.accepted) return { kind: "delivered" };
    if (posted.noMailbox === true) return { kind: "gone", reason: posted.reason };
    return { kind: "retry", reason: posted.reason, ...(posted.unsure === undefined ? {} : { unsure: posted.unsure }) };
  };
  const webhook = async (page: StatusPage, subscriber: Subscriber, pieces: readonly Piece[], signal: AbortSignal): Promise<Delivered> => {
    const about = { name: titleOf(page, wordsFor(subscriber, page, deps.location)), url: addressOf(page) };
    const end = `${addressOf(page)}/unsubscribe/${tokens.of("end", subscriber)}`;
    const body = JSON.stringify({ page: about, unsubscribe_url: end, events: pieces.map(({ data }) => data) });
    const headers = { "content-type": "application/json" };
    const answer = await deps.outbound.send({ method: "POST", url: subscriber.address, headers, body, signal });
    if (answer.status >= 200 && answer.status <= 299) return { kind: "delivered" };
    return answer.status === 410
      ? { kind: "gone", reason: "410 Gone" }
      : { kind: "retry", reason: `${answer.status} ${answer.reason}`.trim() };
  };

  return async (subscriber: Subscriber, letters: readonly Letter[], message: Message, signal: AbortSignal): Promise<Delivered> => {
    const page = deps.pages.get(subscriber.pageId);
    if (page === undefined) return { kind: "cancelled", reason: "the page is gone" };
    const words = wordsFor(subscriber, page, deps.location);
    const pieces: Piece[] = [];
    for (const letter of letters) {
      if (letter.what !== "confirm" && subscriber.confirmedAt === 0) continue;
      const piece = letter.what === "confirm" ? question(page, subscriber, words) : await pieceOf(page, letter, words);
      if (piece !== undefined) pieces.push(piece);
    }
    if (pieces.length === 0) return { kind: "cancelled", reason: "there is nothing to say any more" };
    try {
      return await (subscriber.kind === "email"
        ? mail(page, subscriber, pieces, message, signal)
        : webhook(page, subscriber, pieces, signal));
    } catch (error) {
      if (error instanceof AppError) return { kind: "dead", reason: error.messageId };
      if (!(error instanceof OutboundError)) throw error;
      const isFinal = error.failure === "refused" || error.failure === "invalid";
      return isFinal ? { kind: "dead", reason: error.message } : { kind: "retry", reason: error.message, unsure: error.written };
    }
  };
}
