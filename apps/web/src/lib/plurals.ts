/** Texts of one language, nested by area. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

const OTHER = "_other";

/**
 * Every plural form that a language has, filled from its general one where none is written: millions take a form of their own in French,
 * and a missing form would show its key.
 */
export function completePlurals(texts: Texts, language: string): Texts {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const complete: Record<string, string | Texts> = {};
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value !== "string") complete[key] = completePlurals(value, language);
    else {
      complete[key] = value;
      if (!key.endsWith(OTHER)) continue;
      for (const category of pluralCategories) {
        const form = `${key.slice(0, -OTHER.length)}_${category}`;
        complete[form] = texts[form] ?? value;
      }
    }
  }
  return complete;
}
