import type { PageLanguage } from "@windfire/api";

/** A text in other languages than the page's own. */
export type InLanguages = Partial<Readonly<Record<PageLanguage, string>>>;

/** A text of a page in a language, else its own. */
export function inLanguage(text: string, others: InLanguages, language: PageLanguage): string {
  return others[language] || text;
}

/** What something is called, for readers of a language. */
export function titleIn({ title, titles }: { readonly title: string; readonly titles: InLanguages }, language: PageLanguage): string {
  return inLanguage(title, titles, language);
}

/** What is said of it, for readers of a language. */
export function textIn({ text, texts }: { readonly text: string; readonly texts: InLanguages }, language: PageLanguage): string {
  return inLanguage(text, texts, language);
}

/** Texts as a column holds them: those that say nothing are left out. */
export function writtenTexts(texts: InLanguages): string {
  return JSON.stringify(Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== "")));
}

/** Only we write the column. */
export function readTexts(column: string): InLanguages {
  return JSON.parse(column) as InLanguages;
}
