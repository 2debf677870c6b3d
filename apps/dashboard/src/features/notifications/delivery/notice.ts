import { cutBytes, oneLine, plainText } from "@windfire/kit";

/**
 * - `incident`, `reminder`, `recovery`: of one pair of alert and server; they go out in order (spec 30 section 3.7).
 * - `state`: of a service; behind the one being tried only the newest is kept.
 * - `other`: everything else, in no order.
 */
export type NoticeKind = "incident" | "reminder" | "recovery" | "state" | "other";

/** From the least to the most urgent. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a message is about, for channels whose texts are made from templates; all as it is shown. */
export interface NoticeFacts {
  /** Server or service: messages that are gathered into one are listed by it. */
  readonly subject?: string;
  /** Alert rule, task. */
  readonly rule?: string;
  /** With its unit, such as `97 %`. */
  readonly value?: string;
  readonly limit?: string;
  /** Unix milliseconds. */
  readonly since?: number;
  /** The free note of the server. */
  readonly note?: string;
  /** Where more is to be seen: a path of this dashboard, such as `/dashboard/incident/7`. */
  readonly path?: string;
}

/** A message for all channels of a group; the server it is about, if any, fills placeholders with its latest values. */
export interface Notice {
  readonly text: string;
  readonly serverId?: number;
  /**
   * Whose rule, service, task or report says it; absent where the settings of the dashboard do. Only groups that they may tell are told, and
   * nothing of a server that neither they nor the channel's owner reach when it is sent.
   */
  readonly ownerId?: number;
  /** What it is about: what still waits goes with it (`dropEvents`). */
  readonly subject?: string;
  /** The incident that it belongs to, where `event` names something that has many. */
  readonly incident?: number;
  /** Label under which repetitions are held back; without it every message goes out. */
  readonly mute?: string;
  /** Channels that want only what is more urgent are left out; absent it is `info`. A recovery has that of its incident. */
  readonly severity?: Severity;
  /** Of a state: all is well again. */
  readonly ends?: boolean;
  readonly facts?: NoticeFacts;
}

/** What the outbox keeps of a message. */
export interface NoticePayload extends Notice {
  readonly groupId: number;
}

/** Longest text, in bytes: a command may print any amount. */
const TEXT_BYTES = 64 * 1024;
/** The same of a fact. */
const FACT_BYTES = 4 * 1024;

/**
 * The notice as it is kept: its texts cut to what one message may hold, and what it is about in one line and without hidden characters, in
 * the text as well, so that no name makes lines of its own. An output is kept as it came (spec 30 section 4.5).
 */
export function keptNotice(notice: Notice): Notice {
  const { facts = {} } = notice;
  const names = [facts.subject ?? "", facts.rule ?? ""].filter((name) => name !== "");
  let spoken = notice.text;
  for (const name of names) spoken = spoken.replaceAll(name, () => oneLine(name));
  const text = cutText(spoken, TEXT_BYTES);
  if (notice.facts === undefined) return { ...notice, text };
  const cut = Object.entries(facts).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "string" ? cutText(name === "note" ? plainText(value) : oneLine(value), FACT_BYTES) : value,
  ]);
  return { ...notice, text, facts: Object.fromEntries(cut) as NoticeFacts };
}

/** Cuts a text at a whole character, and says so. */
function cutText(text: string, limit: number): string {
  const cut = cutBytes(text, limit);
  return cut === text ? text : `${cut}…`;
}

/** The room wrote the payload itself. */
export function payloadOf(message: { readonly payload: unknown }): NoticePayload {
  return message.payload as NoticePayload;
}
