import { MOVED_AS } from "../moves.ts";
import type { Played } from "../played.ts";
import type { Stored, StoredMessage } from "./stored.ts";

/** Every message has come to an end, in the order of its lane, and nobody hears anything twice without a reason. */
export function judgeMessages(scene: Played, { messages }: Stored): string[] {
  const findings: string[] = [];
  for (const { id, state } of messages) if (state === "waiting" || state === "sending") findings.push(`message ${id} is still ${state}`);
  for (const { id: channelId } of scene.cast.channels) {
    const ofChannel = messages.filter((message) => message.channelId === channelId);
    findings.push(...ordered(ofChannel), ...lastWords(scene, channelId, ofChannel), ...repeated(scene, channelId, ofChannel));
  }
  return findings;
}

/** Every recovery comes after its incident, and what is said of a service in the order in which it happened. */
function ordered(messages: readonly StoredMessage[]): string[] {
  const findings: string[] = [];
  for (const recovery of messages.filter(({ kind, state }) => kind === "recovery" && state === "sent")) {
    const before = messages.filter(({ id, kind, lane }) => lane === recovery.lane && id < recovery.id && kind !== "recovery");
    if (!before.some(({ state, unsure }) => state === "sent" || unsure !== 0))
      findings.push(`message ${recovery.id} ends what nobody heard of`);
  }
  for (const [lane, ofLane] of Map.groupBy(messages, (message) => message.lane)) {
    const sent = lane === "" ? [] : ofLane.filter(({ state }) => state === "sent");
    for (const [index, { id, settled_at: at }] of sent.entries())
      if (at < (sent[index - 1]?.settled_at ?? 0)) findings.push(`message ${id} overtook the one before it`);
  }
  return findings;
}

/** The last word is that all is well: of a rule on a server, and of a service. */
function lastWords(scene: Played, channelId: number, messages: readonly StoredMessage[]): string[] {
  const findings: string[] = [];
  const taken = scene.channels.taken.filter((one) => one.channelId === channelId).map(({ text }) => text);
  // Of a server that was handed over nothing more is said, or by its new name.
  const isStill = (text: string): boolean => scene.move.done === Number.POSITIVE_INFINITY || !text.includes(MOVED_AS);
  for (const [about, told] of Map.groupBy(taken.filter(isOfPair).filter(isStill), pairOf)) {
    if (told.at(-1)?.startsWith("[Incident]") === true)
      findings.push(`${about}: the last word on channel ${channelId} is that it fails, and it does not`);
  }
  const states = messages.filter(({ kind, state }) => kind === "state" && state === "sent");
  for (const [event, told] of Map.groupBy(states, (message) => message.event)) {
    if (told.at(-1)?.ends === false) findings.push(`${event}: the last word on channel ${channelId} is that it is not good, and it is`);
  }
  return findings;
}

/** The rule and the server; in between stand the server's addresses at that time. */
function pairOf(text: string): string {
  return text.replace(/^\[\w+\] /, "").replace(/ \(.*\):/, ":");
}

function isOfPair(text: string): boolean {
  return /^\[(?:Incident|Resolved)\]/.test(text);
}

/** A message is taken once, but for answers that were lost and one for each crash; and no beginning or end is told twice in a row. */
function repeated(scene: Played, channelId: number, messages: readonly StoredMessage[]): string[] {
  const { deaths } = scene.fate;
  const unheard = scene.channels.unheard(channelId);
  const taken = scene.channels.taken.filter((one) => one.channelId === channelId);
  const may = messages.filter(({ state, unsure }) => state === "sent" || unsure !== 0).length;
  const findings: string[] = [];
  if (taken.length > may + deaths + unheard)
    findings.push(`channel ${channelId} took ${taken.length} messages of ${may}, after ${deaths} crashes and ${unheard} lost answers`);
  // Of two beginnings the end between was given up, or of two ends a beginning that nobody can vouch for.
  const cancelled = messages.filter(({ kind, state, unsure }) => state === "cancelled" && (kind === "recovery" || unsure !== 0)).length;
  const reminders = messages.filter(({ kind, state }) => kind === "reminder" && state === "sent").length;
  let repetitions = 0;
  for (const told of Map.groupBy(taken.map(({ text }) => text).filter(isOfPair), pairOf).values()) {
    const words = told.map((text) => text.slice(0, text.indexOf("]")));
    repetitions += words.filter((word, index) => word === words[index - 1]).length;
  }
  if (repetitions > deaths + unheard + cancelled + reminders)
    findings.push(`${repetitions} repetitions on channel ${channelId} after ${deaths} crashes`);
  return findings;
}
