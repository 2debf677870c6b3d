import { createHash } from "node:crypto";
import { plainText } from "@windfire/kit";
import type { ChannelKind, ChannelMessage } from "../channels/kind.ts";
import { SEVERITIES } from "../delivery/notice.ts";
import type { Notice, NoticeKind, Severity } from "../delivery/notice.ts";
import { placeholderValues } from "../delivery/placeholders.ts";
import type { MessageServer } from "../delivery/placeholders.ts";
import type { ChannelOptions } from "./options.ts";
import { cutTo, fillTemplate, lengthOf } from "./templates.ts";
import type { TemplateValues } from "./templates.ts";

/** A notice as it stands in the outbox. */
export interface Told {
  readonly id: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly kind: NoticeKind;
  readonly event: string;
  readonly notice: Notice;
}

export interface TextDeps {
  readonly translate: (messageId: string, ...args: readonly (string | number)[]) => string;
  /** A moment in the zone of the configuration. */
  readonly formatDateTime: (ms: number) => string;
  readonly server: (id: number) => MessageServer | undefined;
  /** Where the dashboard is reached; "" when nobody has said. */
  readonly site: () => string;
}

export interface TextRules {
  readonly limit: ChannelKind["limit"];
  readonly options: Pick<ChannelOptions, "title" | "body">;
  readonly humanUnits: boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

const USUAL_TITLE = "#SUMMARY#";
/** A first line that is longer is no title. */
const LONGEST_SUMMARY = 200;
/** A note of a server may be a page of its own. */
const LONGEST_NOTE = 1_000;

/** The text of a message without a template of its own. */
export function usualBody(translate: TextDeps["translate"]): string {
  const facts = (["VALUE", "LIMIT", "SINCE", "NOTE"] as const).map((name) => translate(FACTS[name], `#${name}#`));
  return ["#DETAILS#", ...facts, "#LINK#"].join("\n");
}

const FACTS = { VALUE: "Value: %s", LIMIT: "Limit: %s", SINCE: "Since: %s", NOTE: "Note: %s" } as const;

function valuesOf({ notice, kind }: Told, rules: TextRules, deps: TextDeps): Map<string, string> {
  const { facts = {}, serverId, severity = "info" } = notice;
  const text = plainText(notice.text);
  const server = serverId === undefined ? undefined : deps.server(serverId);
  const [first = "", ...rest] = text.split("\n");
  const isTitle = first.length <= LONGEST_SUMMARY;
  return new Map([
    ...placeholderValues(text, deps.formatDateTime(rules.now), server, rules.humanUnits),
    ["SUMMARY", isTitle ? first : cutTo(first, LONGEST_SUMMARY, "characters")],
    ["DETAILS", isTitle ? rest.join("\n") : text],
    ["SUBJECT", facts.subject ?? server?.settings.name ?? ""],
    ["RULE", facts.rule ?? ""],
    ["VALUE", facts.value ?? ""],
    ["LIMIT", facts.limit ?? ""],
    ["SINCE", facts.since === undefined ? "" : deps.formatDateTime(Math.floor(facts.since / 1000) * 1000)],
    ["NOTE", facts.note ?? ""],
    // It may hold what is nobody else's business: only a template that names it sends it away.
    ["SERVER.NOTE", cutTo(server?.settings.note ?? "", LONGEST_NOTE, "characters")],
    ["LINK", linkOf(notice, deps)],
    ["SEVERITY", severity],
    ["KIND", kind],
  ]);
}

function linkOf({ facts }: Notice, { site }: TextDeps): string {
  return facts?.path === undefined || site() === "" ? "" : site() + facts.path;
}

function titleOf(values: TemplateValues, { options }: TextRules): string {
  return fillTemplate(options.title || USUAL_TITLE, values)
    .replaceAll("\n", " ")
    .trim();
}

/** Title and text of one notice, not cut. */
function single(told: Told, rules: TextRules, deps: TextDeps): Said {
  const values = valuesOf(told, rules, deps);
  const text = fillTemplate(rules.options.body || usualBody(deps.translate), values).trim();
  return { title: titleOf(values, rules), text };
}

/** What is said of one or several notices at once, as long as the service takes it. */
export function composeMessage(told: readonly Told[], rules: TextRules, deps: TextDeps): ChannelMessage {
  const [first] = told;
  if (first === undefined) throw new RangeError("a message of no notices");
  const { title, text } = told.length === 1 ? fitted(single(first, rules, deps), rules.limit) : gathered(told, rules, deps);
  return {
    title,
    text,
    severity: worst(told),
    kind: kindOf(told),
    link: told.length === 1 ? linkOf(first.notice, deps) : "",
    event: told.length === 1 ? first.event : "",
    id: nameOf(told),
  };
}

/** Each with its number where there is room, else only what they are about, else as many of those as fit. */
function gathered(told: readonly Told[], rules: TextRules, deps: TextDeps): Said {
  const count = told.length;
  const singles = told.map((one) => {
    const values = valuesOf(one, rules, deps);
    return { title: titleOf(values, rules), subject: values.get("SUBJECT") ?? "" };
  });
  const ruleNames = new Set(told.map(({ notice }) => notice.facts?.rule ?? ""));
  const [rule = ""] = ruleNames.size === 1 ? ruleNames : [];
  const title = [deps.translate("%d messages", count), rule].filter((part) => part !== "").join(": ");
  const lines = singles.map((one, index) => deps.translate("%d of %d: %s", index + 1, count, one.title));
  const names = singles.map((one) => (one.subject === "" ? one.title : one.subject)).join(", ");
  const whole = { title, text: lines.join("\n") };
  return fits(whole, rules.limit) ? whole : fitted({ title, text: names }, rules.limit);
}

interface Said {
  readonly title: string;
  readonly text: string;
}

/** Room for the text: services without titles get both as one. */
function roomOf({ title }: Said, limit: TextRules["limit"]): number {
  return limit.title === undefined ? limit.text - lengthOf(title, limit.unit ?? "characters") - 1 : limit.text;
}

function fits(said: Said, limit: TextRules["limit"]): boolean {
  return lengthOf(said.text, limit.unit ?? "characters") <= roomOf(said, limit);
}

function fitted(said: Said, limit: TextRules["limit"]): Said {
  const unit = limit.unit ?? "characters";
  const title = cutTo(said.title, limit.title ?? Math.min(LONGEST_SUMMARY, limit.text), unit);
  return { title, text: cutTo(said.text, Math.max(roomOf({ ...said, title }, limit), 1), unit) };
}

function worst(told: readonly Told[]): Severity {
  const ranks = told.map(({ notice }) => SEVERITIES.indexOf(notice.severity ?? "info"));
  return SEVERITIES[Math.max(...ranks)] ?? "info";
}

/** A state in which all is well ends what services that count incidents have opened for those before it. */
function kindOf(told: readonly Told[]): NoticeKind {
  const kinds = new Set(told.map(({ kind, notice }) => (kind === "state" && notice.ends === true ? "recovery" : kind)));
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined) return only;
  return kinds.has("incident") ? "incident" : "other";
}

/** The same for the same messages; ids alone begin anew in a database that was put back. */
function nameOf(told: readonly Told[]): string {
  const names = told.map(({ id, createdAt }) => `${id}.${createdAt}`);
  return names.length === 1 ? (names[0] ?? "") : createHash("sha256").update(names.join(" ")).digest("hex").slice(0, 32);
}
