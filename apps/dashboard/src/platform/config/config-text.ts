import { isCollection, isMap, isScalar, Scalar } from "yaml";
import type { Pair, YAMLMap } from "yaml";
import { keyText, looseKey, matchingKey, parseConfig } from "./raw.ts";
import type { ConfigSource } from "./raw.ts";
import { scalarText } from "./scalar-text.ts";
import type { Plain } from "./scalar-text.ts";

/** What is to become of one key at the top of the file. In every case an older spelling of its name gives way to `name`. */
export type KeyChange =
  | { readonly kind: "set"; readonly name: string; readonly value: Plain }
  /** An empty section, where there is none. */
  | { readonly kind: "section"; readonly name: string }
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "remove"; readonly name: string };

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text of the file with the changes made. Whatever no change names keeps every byte: comments, order, blank lines, line ends,
 * unknown keys and the way values are written.
 */
export function changeText(source: ConfigSource, changes: readonly KeyChange[]): string {
  const { text } = source;
  if (changes.length === 0) return text;
  const { contents } = source.document;
  if (isMap(contents) && contents.flow && contents.items.length > 0) {
    return changeText(parseConfig(asLines(source, contents), source.path), changes);
  }
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  if (!isMap(contents) || contents.items.length === 0) return startText(source, changes, eol);
  const whole = text.endsWith("\n") ? text : text + eol;
  const first = spanOf(contents.items[0]);
  const indent = whole.slice(lineStart(whole, first.from), first.from);
  const place = { text: whole, items: contents.items, eol, indent: indent.trim() === "" ? indent : "" };
  const edits = changes.flatMap((change) => editsOf(place, change));
  return applied(whole, [...edits, ...additions(place, changes)]);
}

interface Place {
  readonly text: string;
  readonly items: readonly Pair[];
  readonly eol: string;
  readonly indent: string;
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at);
}

/** A file that holds no key yet, at most comments. */
function startText({ text, document }: ConfigSource, changes: readonly KeyChange[], eol: string): string {
  const [from, to] = document.contents?.range ?? [text.length, text.length];
  const before = text.slice(0, from);
  const lines = newLines({ text, items: [], eol, indent: "" }, changes).map((line) => line.text);
  return before + (before === "" || before.endsWith("\n") ? "" : eol) + lines.join("") + text.slice(to).trimStart();
}

/** `{a: 1, b: 2}` becomes a line for each key: JSON can be read, but not be added to by a line. */
function asLines({ text }: ConfigSource, map: YAMLMap): string {
  const lines = map.items.map((pair) => {
    const key = spanOf({ key: pair.key });
    const value = rangeOf(pair.value);
    return `${text.slice(key.from, key.to)}: ${value === undefined ? "" : text.slice(value[0], value[1])}\n`;
  });
  return lines.join("");
}

function editsOf(place: Place, change: KeyChange): Edit[] {
  const twins = place.items.filter((item) => looseKey(keyText(item)) === looseKey(change.name));
  const kept = matchingKey(twins.map(keyText), change.name);
  return twins.flatMap((pair) => {
    if (change.kind === "remove" && isAnchor(pair.value)) return [valueEdit(place, pair, "")];
    if (change.kind === "remove" || keyText(pair) !== kept) return [lineOf(place, pair)];
    const edits = keyText(pair) === change.name ? [] : [{ ...spanOf({ key: pair.key }), text: change.name }];
    return change.kind === "set" ? [...edits, valueEdit(place, pair, change.value)] : edits;
  });
}

/** The lines of a key and its value; comments above them belong to the file and stay. */
function lineOf({ text }: Place, pair: Pair): Edit {
  const { from, to } = spanOf(pair);
  return { from: lineStart(text, from), to: lineEnd(text, to), text: "" };
}

function valueEdit({ text, indent, eol }: Place, pair: Pair, value: Plain): Edit {
  const node = pair.value;
  const range = rangeOf(node);
  const keyEnd = spanOf({ key: pair.key }).to;
  if (range === undefined) return { from: keyEnd, to: keyEnd, text: `: ${scalarText(value, { indent, eol, inline: true })}` };
  const [from, end] = range;
  let to = end;
  if (text[to - 1] === "\n") to -= text[to - 2] === "\r" ? 2 : 1;
  const comment = isBlockScalar(node) && node.comment ? ` #${node.comment}` : "";
  const behind = comment + text.slice(to, lineEnd(text, to));
  const rendered = scalarText(value, { indent, eol, inline: behind.trim() !== "" });
  if (isCollection(node) && !node.flow) return { from: keyEnd, to, text: `: ${rendered}` };
  if (to < from) to = from;
  return { from, to, text: `${text[from - 1] === ":" ? " " : ""}${rendered}${text[to] === "#" ? " " : ""}${comment}` };
}

/** Others may refer to it: it is emptied where it stands. */
function isAnchor(node: unknown): boolean {
  return (isScalar(node) || isCollection(node)) && node.anchor !== undefined;
}

function isBlockScalar(node: unknown): node is Scalar {
  return isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
}

/** Sorted files stay sorted; in others new keys go to the end. */
function additions(place: Place, changes: readonly KeyChange[]): Edit[] {
  const names = place.items.map(keyText);
  const isSorted = names.every((name, index) => index === 0 || (names[index - 1] ?? "") <= name);
  const end = lineEnd(place.text, spanOf(place.items.at(-1)).to);
  return newLines(place, changes).map(({ name, text }) => {
    const next = isSorted ? names.findIndex((present) => present > name) : -1;
    const at = next === -1 ? end : next === 0 ? aboveFirst(place) : lineEnd(place.text, spanOf(place.items[next - 1]).to);
    return { from: at, to: at, text };
  });
}

function newLines({ items, eol, indent }: Place, changes: readonly KeyChange[]): { name: string; text: string }[] {
  const present = new Set(items.map((item) => looseKey(keyText(item))));
  const lines = changes.flatMap((change) => {
    if ((change.kind !== "set" && change.kind !== "section") || present.has(looseKey(change.name))) return [];
    const value = change.kind === "section" ? "{}" : scalarText(change.value, { indent, eol, inline: false });
    return [{ name: change.name, text: `${indent}${change.name}: ${value}${eol}` }];
  });
  return lines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Above the first key and the comment that stands directly on it. */
function aboveFirst({ text, items }: Place): number {
  let at = lineStart(text, spanOf(items[0]).from);
  for (;;) {
    const above = lineStart(text, at - 1);
    if (at === 0 || !/^\s*#/.test(text.slice(above, at))) return at;
    at = above;
  }
}

function spanOf(pair: { key?: unknown; value?: unknown } | undefined): { from: number; to: number } {
  const key = rangeOf(pair?.key) ?? [0, 0];
  return { from: key[0], to: (rangeOf(pair?.value) ?? key)[1] };
}

/** Where a node's own text begins and ends. */
function rangeOf(node: unknown): readonly [from: number, to: number] | undefined {
  const range: unknown = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : undefined;
}

function lineStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

/** Behind the line break of the line in which the text before `at` ends. */
function lineEnd(text: string, at: number): number {
  if (text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}
