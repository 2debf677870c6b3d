import type { ChannelPreview, ChannelPreviewForm } from "@windfire/api";
import { refuseText } from "#kernel";
import { kindNamed } from "../channels/registry.ts";
import type { NoticeFacts } from "../delivery/notice.ts";
import { composeMessage } from "./texts.ts";
import type { TextDeps, Told } from "./texts.ts";

const FIVE_MINUTES_MS = 5 * 60_000;
/** What a webhook without a kind is held to. */
const ANY_LENGTH = { text: 60_000 };

function invented(index: number, now: number, translate: TextDeps["translate"]): Told {
  const subject = `web-${index + 1}`;
  const facts: NoticeFacts = {
    subject,
    rule: "CPU",
    value: "97 %",
    limit: "90 %",
    since: now - FIVE_MINUTES_MS,
    note: "rack 4",
    path: "/dashboard/incident/1",
  };
  const text = `[${translate("Incident")}] ${subject} (198.****.7): CPU`;
  return { id: index + 1, createdAt: now, kind: "incident", event: `e${index}`, notice: { text, severity: "critical", facts } };
}

/**
 * The words of a message for one or several invented incidents, cut as the service needs it.
 *
 * @throws {AppError} for a kind that there is none of
 */
export function preview({ kind, title, body, count }: ChannelPreviewForm, deps: TextDeps, now: number): ChannelPreview {
  const known = kindNamed(kind);
  if (kind !== "" && known === undefined) throw refuseText(`kind: there is no kind of channel ${JSON.stringify(kind)}`);
  const told = Array.from({ length: count }, (_, index) => invented(index, now, deps.translate));
  const rules = { limit: known?.limit ?? ANY_LENGTH, options: { title, body }, humanUnits: true, now };
  const message = composeMessage(told, rules, deps);
  return { title: message.title, text: message.text };
}
