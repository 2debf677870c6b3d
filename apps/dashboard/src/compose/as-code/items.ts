import { isDeepStrictEqual } from "node:util";
import type { Kind, Link, Names, Section } from "./kind.ts";
import { isItem } from "./json.ts";
import type { Item } from "./json.ts";

/** A row as it is: its id, its name, everything the API says of it, and how it stands in a document. */
export interface LiveRow {
  readonly id: number;
  readonly name: string;
  readonly row: Item;
  readonly item: Item;
}

/** What says nothing: left out of documents, and equal to being left out. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : isItem(value) && Object.values(value).every(isEmpty);
}

/** A row as it stands in a document: named fields that say something, other rows by their names. */
export function itemOf(
  row: Item,
  { fields, links, nested = [], always = [] }: Pick<Kind, "fields" | "links" | "nested" | "always">,
  names: Names,
): Item {
  const item: Record<string, unknown> = {};
  for (const field of fields) if (!isEmpty(row[field]) || (always.includes(field) && row[field] !== undefined)) item[field] = row[field];
  for (const link of links) {
    if (link.within !== undefined) {
      const list = item[link.within];
      if (Array.isArray(list)) item[link.within] = list.map((part: unknown) => (isItem(part) ? named(part, link, names) : part));
    } else Object.assign(item, onlyLink(row, link, names));
  }
  for (const { field, written } of nested) {
    const value = written(row[field], names);
    if (!isEmpty(value)) item[field] = value;
  }
  return item;
}

function named(part: Item, link: Link, names: Names): Item {
  const { [link.field]: _ids, ...rest } = part;
  const kept = Object.fromEntries(Object.entries(rest).filter(([, value]) => !isEmpty(value)));
  return { ...kept, ...onlyLink(part, link, names) };
}

function onlyLink(row: Item, link: Link, names: Names): Item {
  const value = namesIn(row[link.field], link, names);
  return isEmpty(value) ? {} : { [link.as]: value };
}

/** Rows that are gone are left out: a document names what is there. */
function namesIn(value: unknown, { form, to }: Link, names: Names): unknown {
  const nameOf = (id: unknown): string | undefined => names.nameOf(to, Number(id));
  if (form === "id") return nameOf(value);
  if (form === "ids") return Array.isArray(value) ? value.map(nameOf).filter((name) => name !== undefined) : [];
  if (!isItem(value)) return undefined;
  const entries = Object.entries(value).map(([id, inner]) => [nameOf(id), inner] as const);
  const known = entries.filter((entry): entry is readonly [string, unknown] => entry[0] !== undefined);
  if (form === "keys") return Object.fromEntries(known);
  return known.filter(([, isOn]) => isOn === true).map(([name]) => name);
}

/** Names that an item of a document uses, with the section they are looked up in. */
export function namesUsed(
  item: Item,
  { links, nested = [] }: Pick<Kind, "links" | "nested">,
): { readonly to: Section; readonly name: string }[] {
  const own = nested.flatMap(({ field, used }) => (item[field] === undefined ? [] : used(item[field])));
  const linked = links.flatMap((link) => {
    const list = link.within === undefined ? undefined : item[link.within];
    const parts = link.within === undefined ? [item] : Array.isArray(list) ? list.filter(isItem) : [];
    return parts.flatMap((part) => {
      const value = part[link.as];
      const found =
        link.form === "keys" ? (isItem(value) ? Object.keys(value) : []) : Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
      return found.map((name) => ({ to: link.to, name: String(name) }));
    });
  });
  return [...linked, ...own];
}

/** The fields of an item as the API takes them, names replaced by ids. All names must be known. */
export function bodyOf(item: Item, { links, nested = [] }: Pick<Kind, "links" | "nested">, names: Names): Item {
  const body: Record<string, unknown> = { ...item };
  for (const link of links) {
    if (link.within === undefined) replaceNames(body, link, names);
    else {
      const list = body[link.within];
      if (Array.isArray(list)) {
        body[link.within] = list.map((part: unknown) => {
          if (!isItem(part)) return part;
          const copy = { ...part };
          replaceNames(copy, link, names);
          return copy;
        });
      }
    }
  }
  for (const { field, read } of nested) if (field in body) body[field] = read(body[field], names);
  return body;
}

function replaceNames(body: Record<string, unknown>, { as, field, form, to }: Link, names: Names): void {
  if (!(as in body)) return;
  const value = body[as];
  delete body[as];
  const idOf = (name: unknown): number => names.idOf(to, String(name)) ?? 0;
  if (form === "id") body[field] = isEmpty(value) ? 0 : idOf(value);
  else if (form === "keys")
    body[field] = isItem(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [idOf(name), inner])) : {};
  else {
    const ids = Array.isArray(value) ? value.map(idOf) : [];
    body[field] = form === "ids" ? ids : Object.fromEntries(ids.map((id) => [id, true]));
  }
}

/** A field in which a document and a row differ. */
export interface Difference {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Fields that the document names and that are otherwise in the row; secrets cannot be compared. */
export function differences(wanted: Item, live: Item, secrets: readonly string[]): Difference[] {
  return Object.keys(wanted)
    .filter((field) => !secrets.includes(field) && !isSame(wanted[field], live[field]))
    .map((field) => ({ field, from: live[field], to: wanted[field] }));
}

const isText = (value: unknown): value is string => typeof value === "string";

/** Order counts in lists of objects alone: names are sets. */
function isSame(a: unknown, b: unknown): boolean {
  if (isEmpty(a) && isEmpty(b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    const isNames = a.every(isText) && b.every(isText);
    if (isNames) return isDeepStrictEqual(new Set<string>(a), new Set<string>(b));
    return a.length === b.length && a.every((value, index) => isSame(value, b[index]));
  }
  if (isItem(a) && isItem(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(a[key], b[key]));
  return isDeepStrictEqual(a, b);
}

/** Fields of channels and pages whose keys count one by one: what the document does not name of them stays. */
const BY_KEY = ["settings", "options", "delivery"];

/**
 * An item with the keys that its row has besides, and whether it names secrets that the row has stored: those come out nowhere, so they are
 * sent and not compared.
 */
export function overRow(item: Item, { row, item: live }: Pick<LiveRow, "row" | "item">): { readonly item: Item; readonly named: boolean } {
  const secrets = Array.isArray(row["secrets"]) ? row["secrets"].filter(isText) : [];
  let hasSecrets = false;
  const whole: Record<string, unknown> = { ...item };
  for (const field of BY_KEY) {
    const [wanted, there] = [item[field], live[field]];
    if (!isItem(wanted)) continue;
    const open = Object.entries(wanted).filter(([key]) => !secrets.includes(key));
    hasSecrets ||= open.length < Object.keys(wanted).length;
    whole[field] = { ...(isItem(there) ? there : {}), ...Object.fromEntries(open) };
  }
  return { item: whole, named: hasSecrets };
}
