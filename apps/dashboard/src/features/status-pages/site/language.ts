import { PAGE_LANGUAGES } from "@windfire/api";
import type { PageLanguage } from "@windfire/api";

const BY_NAME = new Map<string, PageLanguage>(PAGE_LANGUAGES.map((language) => [language.toLowerCase(), language]));
/** More ranges than browsers send. */
const MOST_RANGES = 20;
const LONGEST = 512;

/** The language that a reader wants most of those that there are (RFC 9110 section 12.5.4). `asked`: chosen on the page itself. */
export function languageFor(asked: string, accepted: string, usual: PageLanguage): PageLanguage {
  const chosen = knownLanguage(asked);
  if (chosen !== undefined) return chosen;
  const ranges = accepted
    .slice(0, LONGEST)
    .split(",", MOST_RANGES)
    .map((range) => {
      const [tag = "", ...parameters] = range.trim().split(";");
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0);
  for (const { tag } of ranges.toSorted((a, b) => b.weight - a.weight)) {
    const found = knownLanguage(tag);
    if (found !== undefined) return found;
  }
  return usual;
}

/** The language of a tag; `undefined`: no page is drawn in it. */
export function knownLanguage(tag: string): PageLanguage | undefined {
  const name = tag.trim().toLowerCase();
  const exact = BY_NAME.get(name);
  if (exact !== undefined) return exact;
  if (name === "pt" || name.startsWith("pt-")) return "pt-BR";
  if (/^zh-(hant|tw|hk|mo)/.test(name)) return "zh-TW";
  if (name === "zh" || name.startsWith("zh-")) return "zh-CN";
  return BY_NAME.get(name.split("-", 1)[0] ?? "");
}
