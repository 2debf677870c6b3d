import type { Message } from "#platform/outbox";

type Told = Pick<Message, "id" | "event" | "kind" | "state" | "unsure">;

/**
 * Whether the end of an event is to be told through a channel, so that its last word is what is true: it may have heard of the beginning,
 * or of an earlier one whose end was not told because this one began. `lane`: all its messages of the pair, newest first.
 */
export function isEndOwed(lane: readonly Told[], event: string): boolean {
  const heard = lane.filter(({ state, unsure }) => state === "sent" || state === "sending" || unsure);
  if (heard.some((message) => message.event === event && message.kind !== "recovery")) return true;
  const last = heard.find((message) => message.event !== event);
  if (last === undefined) return false;
  // Of one that was given up nobody knows whether it arrived.
  if (last.kind === "recovery") return last.state === "cancelled" || last.state === "dead";
  return lane.some((message) => message.event === last.event && message.kind === "recovery");
}

/**
 * What is not to be sent any more after an attempt to tell of a beginning, or that it lasts, failed: the message itself once it is over or
 * began anew, and then ends that nobody has to hear of. Ids of messages that wait.
 */
export function overtaken(lane: readonly Told[], failed: Told): number[] {
  const isOver = lane.some(({ id, event, kind }) => (event === failed.event ? kind === "recovery" : id > failed.id));
  if (!isOver) return [];
  const ends = lane.filter(({ kind, state }) => kind === "recovery" && state === "waiting");
  return [failed.id, ...ends.filter(({ event }) => !isEndOwed(lane, event)).map(({ id }) => id)];
}
