import { isItem } from "./json.ts";
import type { Item } from "./json.ts";
import type { Kind, Names, Nested, Section } from "./kind.ts";

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const listOf = (value: unknown): readonly Item[] => (Array.isArray(value) ? value.filter(isItem) : []);
const says = (value: unknown): boolean => (isItem(value) ? Object.keys(value).length > 0 : value !== "" && value !== 0 && value !== false);
const withoutEmpty = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined && says(value)));

/** What a part of a page may be, with the section that it is named in. */
const PARTS: Readonly<Record<string, Section>> = { service: "services", server: "servers" };

function unknownKeys(item: Item, where: string, known: readonly string[]): string[] {
  return Object.keys(item)
    .filter((key) => !known.includes(key))
    .map((key) => `${where}: there is no field ${key}`);
}

/** `{ service: site, name: Shop }` in the document; the kind and the id in the API. */
const groups: Nested = {
  field: "groups",
  written: (value, names) =>
    listOf(value).map(({ parts, ...group }) => ({
      ...withoutEmpty(group),
      parts: listOf(parts).flatMap(({ kind, id, ...part }) => {
        const section = PARTS[String(kind)];
        const name = section && names.nameOf(section, Number(id));
        return name === undefined ? [] : [{ [String(kind)]: name, ...withoutEmpty(part) }];
      }),
    })),
  read: (value, names) =>
    listOf(value).map((group) => ({
      name: "",
      ...group,
      parts: listOf(group["parts"]).map((part) => {
        const { kind, section, name, rest } = namedIn(part);
        return { kind, id: section === undefined ? 0 : (names.idOf(section, name) ?? 0), ...rest };
      }),
    })),
  used: (value) =>
    partsIn(value).flatMap((part) => {
      const { section: to, name } = namedIn(part);
      return to === undefined ? [] : [{ to, name }];
    }),
  problems: (value) =>
    !Array.isArray(value)
      ? ["groups must be a list"]
      : value.flatMap((group: unknown, at) => {
          if (!isItem(group)) return [`groups.${at} must be an object`];
          const { parts = [] } = group;
          if (!Array.isArray(parts)) return [`groups.${at}.parts must be a list`];
          return [
            ...unknownKeys(group, `groups.${at}`, ["name", "names", "parts"]),
            ...parts.flatMap((part: unknown, index) => problemsOfPart(part, `groups.${at}.parts.${index}`)),
          ];
        }),
};

function partsIn(value: unknown): Item[] {
  return listOf(value).flatMap(({ parts }) => listOf(parts));
}

function problemsOfPart(part: unknown, where: string): string[] {
  if (!isItem(part)) return [`${where} must be an object`];
  const kinds = Object.keys(PARTS).filter((kind) => kind in part);
  if (kinds.length !== 1) return [`${where}: must name one of ${Object.keys(PARTS).join(", ")}`];
  return unknownKeys(part, where, [...kinds, "name", "names"]);
}

function namedIn(part: Item) {
  const kind = Object.keys(PARTS).find((one) => one in part) ?? "";
  const { [kind]: name, ...rest } = part;
  return { kind, section: PARTS[kind], name: textOf(name), rest };
}

const TARGET = ["kind", "folder", "endpoint", "region", "bucket", "prefix", "access_key"] as const;

/** What of a page reaches beyond it; the secret of its copies goes in and never comes out. */
const delivery: Nested = {
  field: "delivery",
  written(value, names: Names) {
    if (!isItem(value)) return undefined;
    const target = isItem(value["export"]) ? value["export"] : {};
    const copies = target["kind"] === "none" ? {} : withoutEmpty(Object.fromEntries(TARGET.map((key) => [key, target[key]])));
    const channel = names.nameOf("channels", Number(value["channel_id"]));
    return withoutEmpty({ domain: value["domain"], channel, export: copies });
  },
  read(value, names) {
    const { domain = "", channel, export: copies = {} } = isItem(value) ? value : {};
    const channel_id = channel === undefined ? 0 : (names.idOf("channels", textOf(channel)) ?? 0);
    return { domain, channel_id, export: copies };
  },
  used: (value) => (isItem(value) && value["channel"] !== undefined ? [{ to: "channels", name: textOf(value["channel"]) }] : []),
  withoutSecrets(value) {
    if (!isItem(value) || !isItem(value["export"])) return value;
    const { secret_key: _secret, ...target } = value["export"];
    return { ...value, export: target };
  },
  problems(value) {
    if (!isItem(value)) return ["delivery must be an object"];
    const copies = value["export"] ?? {};
    if (!isItem(copies)) return ["delivery.export must be an object"];
    return [
      ...unknownKeys(value, "delivery", ["domain", "channel", "export"]),
      ...unknownKeys(copies, "delivery.export", [...TARGET, "secret_key"]),
    ];
  },
};

/** Status pages and the templates of what is said on them. Incidents, planned work and subscribers are no configuration. */
export const PAGE_KINDS: readonly Kind[] = [
  {
    section: "status_pages",
    list: "/status-page",
    path: "/status-page",
    nameField: "slug",
    fields: [
      "published",
      "title",
      "intro",
      "footer",
      "language",
      "texts",
      "logo",
      "logo_dark",
      "accent",
      "accent_dark",
      "ground",
      "ground_dark",
      "history_days",
      "values",
      "visibility",
      "links",
      "zone",
      "subscribe_email",
      "subscribe_webhook",
    ],
    secrets: ["password"],
    links: [],
    nested: [groups, delivery],
    beside: "delivery",
  },
  {
    section: "page_templates",
    list: "/page-template",
    path: "/page-template",
    nameField: "name",
    fields: ["title", "titles", "impact", "status", "text", "texts"],
    secrets: [],
    links: [],
  },
];
