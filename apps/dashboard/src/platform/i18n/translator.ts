import { CATALOGUES, ENGLISH } from "./catalogues.ts";
import type { Catalogue } from "./catalogues.ts";
import { format } from "./format.ts";

export interface Translator {
  /** The text of a message id with its placeholders filled in; an unknown id is its own text. */
  t(id: string, ...args: readonly (string | number)[]): string;
}

/** `language` is asked at every call, because an administrator may change it: `en_US` or `en-US`. */
export function createTranslator(deps: { language: () => string }): Translator {
  return {
    t: (id, ...args) => format(textOf(catalogueOf(deps.language()), id), args),
  };
}

/** Whether the dashboard has texts of its own in a language; every other one reads English. */
export function isTranslated(language: string): boolean {
  return foundCatalogue(language) !== undefined;
}

/** By full name with `_`, then by the first two letters (spec 10 section 16). */
function foundCatalogue(language: string): Catalogue | undefined {
  return CATALOGUES.get(language.replace("-", "_")) ?? CATALOGUES.get(language.slice(0, 2));
}

function catalogueOf(language: string): Catalogue {
  return foundCatalogue(language) ?? ENGLISH;
}

function textOf(catalogue: Readonly<Record<string, string>>, id: string): string {
  return Object.hasOwn(catalogue, id) ? (catalogue[id] ?? id) : id;
}
