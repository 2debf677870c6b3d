/**
 * - `incident`, `reminder`, `recovery`: of one pair of alert and server; they go out in order (spec 30 section 3.7).
 * - `state`: of a service; behind the one being tried only the newest is kept.
 * - `other`: everything else, in no order.
 */
export type NoticeKind = "incident" | "reminder" | "recovery" | "state" | "other";

/** A message for all channels of a group; the server it is about, if any, fills placeholders with its latest values. */
export interface Notice {
  readonly text: string;
  readonly serverId?: number;
  /** Label under which repetitions are held back; without it every message goes out. */
  readonly mute?: string;
}

/** What the outbox keeps of a message. */
export interface NoticePayload extends Notice {
  readonly groupId: number;
}

/** Longest text, in bytes: a command may print any amount. */
const TEXT_BYTES = 64 * 1024;

/** Cuts a text at a whole character, and says so. */
export function cutText(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= TEXT_BYTES) return text;
  // A character that was cut in two decodes to the replacement character.
  return `${bytes
    .subarray(0, TEXT_BYTES)
    .toString("utf8")
    .replace(/\uFFFD+$/, "")}…`;
}

/** The room wrote the payload itself. */
export function payloadOf(message: { readonly payload: unknown }): NoticePayload {
  return message.payload as NoticePayload;
}
