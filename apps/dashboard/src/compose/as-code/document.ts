import { parseDocument, stringify } from "yaml";
import { isItem } from "./json.ts";
import type { Item } from "./json.ts";
import { SECTIONS } from "./kind.ts";
import type { Section } from "./kind.ts";
import type { Live } from "./live.ts";

/** An installation as text: settings, and items by name in every other section. */
export interface Declared {
  readonly settings?: Item;
  readonly sections: ReadonlyMap<Section, ReadonlyMap<string, Item>>;
}

const HEAD = `# What is left out stays as it is. Names stand for ids; secrets and access tokens are not in here.\n`;

/** Names that several rows of a section have: a document could not tell them apart. */
export function ambiguousNames({ rows }: Live): string[] {
  return [...rows].flatMap(([section, live]) => {
    const names = live.map(({ name }) => name);
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    return Array.from(
      twice,
      (name) =>
        `${section}: ${live.filter((row) => row.name === name).length} are called ${JSON.stringify(name)} (ids ${live
          .filter((row) => row.name === name)
          .map(({ id }) => id)
          .join(", ")})`,
    );
  });
}

/** The whole state as a document. */
export function documentOf(live: Live): Declared {
  return {
    settings: live.setting.item,
    sections: new Map([...live.rows].map(([section, rows]) => [section, new Map(rows.map(({ name, item }) => [name, item]))])),
  };
}

export function textOf({ settings, sections }: Declared): string {
  const content: Record<string, unknown> = {};
  if (settings !== undefined) content["settings"] = settings;
  for (const section of SECTIONS) {
    const items = sections.get(section);
    if (items !== undefined && items.size > 0) content[section] = Array.from(items, ([name, item]) => ({ name, ...item }));
  }
  // Other tools read the document too: "off" and "1:30" are texts to readers of either YAML.
  return HEAD + stringify(content, { lineWidth: 0, compat: "yaml-1.1" });
}

/**
 * Reads a document.
 *
 * @throws {Error} that names what cannot be read: sections nobody knows, items without a name, names that come twice
 */
export function parseDeclared(text: string): Declared {
  const parsed = parseDocument(text, { uniqueKeys: true });
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`the document cannot be read: ${error.message}`);
  const content: unknown = parsed.toJS({ maxAliasCount: 100 }) ?? {};
  if (!isItem(content)) throw new Error("the document must be an object of sections");
  const unknown = Object.keys(content).find((key) => !SECTIONS.some((section) => section === key));
  if (unknown !== undefined) throw new Error(`${unknown} is no section; there are ${SECTIONS.join(", ")}`);
  const sections = new Map<Section, ReadonlyMap<string, Item>>();
  for (const section of SECTIONS) {
    if (section !== "settings" && content[section] !== undefined) sections.set(section, itemsOf(section, content[section]));
  }
  const { settings } = content;
  if (settings !== undefined && !isItem(settings)) throw new Error("settings must be an object");
  return { sections, ...(settings === undefined ? {} : { settings }) };
}

function itemsOf(section: Section, list: unknown): Map<string, Item> {
  if (!Array.isArray(list)) throw new Error(`${section} must be a list`);
  const items = new Map<string, Item>();
  for (const [index, entry] of list.entries()) {
    if (!isItem(entry) || typeof entry["name"] !== "string" || entry["name"] === "")
      throw new Error(`${section}, item ${index + 1}: it has no name`);
    const { name, ...item } = entry as Item & { readonly name: string };
    if (items.has(name)) throw new Error(`${section}: ${JSON.stringify(name)} comes twice`);
    items.set(name, item);
  }
  return items;
}
