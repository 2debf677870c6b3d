import type { ApiClient } from "./client.ts";
import { itemOf } from "./items.ts";
import type { LiveRow } from "./items.ts";
import { isItem } from "./json.ts";
import type { Item } from "./json.ts";
import { KINDS, SETTING_FIELDS, SETTING_LINKS } from "./kinds.ts";
import type { Names, Section } from "./kind.ts";

/** An installation as its API tells it. */
export interface Live {
  readonly rows: ReadonlyMap<Section, readonly LiveRow[]>;
  /** `GET /setting`, and the part of it that a document holds. */
  readonly setting: { readonly row: Item; readonly item: Item };
  readonly names: Names;
}

/** Reads everything that a document can hold. */
export async function readLive(api: ApiClient): Promise<Live> {
  const raw = new Map<Section, Item[]>();
  for (const { section, list } of KINDS) raw.set(section, rowsIn(await api.get(list)));
  const hooks = new Map(rowsIn(await api.get("/notification")).map((row) => [row["id"], row]));
  const channels = (raw.get("channels") ?? []).map((row) => (row["kind"] === "" ? { ...hooks.get(row["id"]), ...row, settings: {} } : row));
  raw.set("channels", channels);
  for (const { section, path, beside } of KINDS) {
    if (beside === undefined) continue;
    const whole: Item[] = [];
    for (const row of raw.get(section) ?? []) whole.push({ ...row, [beside]: await api.get(`${path}/${String(row["id"])}/${beside}`) });
    raw.set(section, whole);
  }
  const planned = await windowsOfPages(api, raw.get("status_pages") ?? []);
  raw.set(
    "maintenance_windows",
    (raw.get("maintenance_windows") ?? []).filter(({ id }) => !planned.has(id)),
  );
  const names = namesOf(raw);
  const rows = new Map(
    KINDS.map((kind) => {
      const live = (raw.get(kind.section) ?? []).map((row) => ({
        id: Number(row["id"]),
        name: textIn(row, kind.nameField),
        row,
        item: itemOf(row, kind, names),
      }));
      return [kind.section, live] as const;
    }),
  );
  const form = await api.get("/setting/form");
  const config = isItem(form) ? form : {};
  return { rows, names, setting: { row: config, item: itemOf(config, { fields: SETTING_FIELDS, links: SETTING_LINKS }, names) } };
}

/** Windows of what pages announce come and go with it: the document must neither make them again nor take them away. */
async function windowsOfPages(api: ApiClient, pages: readonly Item[]): Promise<ReadonlySet<unknown>> {
  const windows = new Set<unknown>();
  for (const { id } of pages)
    for (const { window_id } of rowsIn(await api.get(`/page-maintenance?page_id=${String(id)}`))) windows.add(window_id);
  return windows;
}

/** Groups come as an object beside their members. */
function rowsIn(answer: unknown): Item[] {
  if (!Array.isArray(answer)) return [];
  return answer.filter(isItem).map((row) => {
    const { group, ...rest } = row;
    return isItem(group) ? { ...rest, ...group } : row;
  });
}

/** A name that several rows have names none of them. */
function namesOf(raw: ReadonlyMap<Section, readonly Item[]>): Names {
  const byId = new Map<string, string>();
  const byName = new Map<string, number>();
  for (const { section, nameField } of KINDS) {
    for (const row of raw.get(section) ?? []) {
      byId.set(`${section} ${String(row["id"])}`, textIn(row, nameField));
      byName.set(`${section} ${textIn(row, nameField)}`, Number(row["id"]));
    }
  }
  return {
    nameOf: (section, id) => byId.get(`${section} ${id}`),
    idOf: (section, name) => byName.get(`${section} ${name}`),
  };
}

function textIn(row: Item, field: string): string {
  const value = row[field];
  return typeof value === "string" ? value : "";
}
