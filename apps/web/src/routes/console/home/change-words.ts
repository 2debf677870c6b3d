import type { AuditLine } from "@windfire/api";

/** Kinds of rows with the text that names their page. */
const KINDS: Readonly<Record<string, string>> = {
  "alert-rule": "nav.rules",
  audit: "nav.audit",
  backup: "nav.backup",
  cron: "nav.tasks",
  ddns: "nav.ddns",
  delivery: "nav.deliveries",
  enrolment: "nav.credentials",
  "enrolment-code": "nav.credentials",
  incident: "nav.incidents",
  "maintenance-window": "nav.windows",
  nat: "nav.nat",
  notification: "nav.notifications",
  "notification-group": "nav.notificationGroups",
  "page-incident": "nav.statusPages",
  "page-maintenance": "nav.statusPages",
  "page-template": "statusPages.templates",
  report: "nav.reports",
  server: "nav.servers",
  "server-group": "nav.groups",
  service: "nav.services",
  setting: "nav.settings",
  "share-link": "nav.shares",
  snooze: "nav.snoozes",
  "status-page": "nav.statusPages",
  token: "nav.tokens",
  transfer: "nav.transfers",
  user: "nav.users",
};
const VERBS = ["create", "update", "delete"] as const;
/** Coming and going changes nothing. */
const COMING_AND_GOING = /^user\.(sign-in|sign-in-failed|sign-out|step-up|end-sessions)$/;

/** A change as it is told in a line. */
export interface ChangeWords {
  /** Key of the text for what kind of row it was; `undefined`: no text says it. */
  readonly kind: string | undefined;
  /** What was done to it, with a text of its own under `home.did`. */
  readonly verb: (typeof VERBS)[number] | undefined;
  /** The row by its name, as far as the line says it; else its number. */
  readonly name: string;
}

/** Whether somebody changed something: what the program does by itself, and who came and went, is not told on Home. */
export const isChange = ({ actor, action }: Pick<AuditLine, "actor" | "action">): boolean =>
  actor !== "system" && actor !== "guest" && !COMING_AND_GOING.test(action);

/** @param nameOf the name that a row has now; `undefined` for one that nobody here knows */
export function changeWords(
  { action, kind, key, fields }: Pick<AuditLine, "action" | "kind" | "key" | "fields">,
  nameOf: (kind: string, key: string) => string | undefined,
): ChangeWords {
  const did = action.slice(action.indexOf(".") + 1);
  const said = fields.find(({ field }) => ["name", "title", "username"].includes(field));
  const name = said?.to ?? said?.from;
  return {
    kind: KINDS[kind],
    verb: VERBS.find((verb) => verb === did),
    name: typeof name === "string" && name !== "" ? name : (nameOf(kind, key) ?? (/^\d+$/.test(key) ? `#${key}` : key)),
  };
}
