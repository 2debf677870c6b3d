import { stringify } from "yaml";

export type Plain = string | number | boolean;

/** Long values stay on one line; texts that some reader of YAML 1.1 takes for a number, a date or a boolean are quoted. */
const FORMAT = { lineWidth: 0, compat: "yaml-1.1" } as const;
/** What some reader refuses or folds when it stands in a file as it is: control and format characters, half surrogates. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff\p{Cs}]/u;
const LINE_BREAK_OR_TAB = /[\n\t]/g;

/**
 * A value as it stands behind `name: `. Texts of several lines become a block below it, or one quoted line.
 *
 * @param place `indent` of the name, `eol` of the file, and whether something follows on the same line
 */
export function scalarText(value: Plain, place: { indent: string; eol: string; inline: boolean }): string {
  if (typeof value !== "string") return String(value);
  const isBlock = value.includes("\n");
  if ((isBlock && place.inline) || UNPRINTABLE.test(value.replace(LINE_BREAK_OR_TAB, ""))) return quoted(value);
  const text = stringify({ k: value }, FORMAT).slice("k: ".length, -1);
  return text.replaceAll(/\n(?=.)/g, `\n${place.indent}`).replaceAll("\n", place.eol);
}

/** JSON is YAML, but for characters that YAML wants written as a number. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
