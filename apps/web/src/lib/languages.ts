/** Languages with complete texts; the name is in the language itself. */
export const LANGUAGES = [
  { tag: "en-US", file: "en", name: "English" },
  { tag: "zh-CN", file: "zh-CN", name: "简体中文" },
] as const;

export type Language = (typeof LANGUAGES)[number];

const ENGLISH = LANGUAGES[0];

/** The language whose texts serve a reader of `tag` best; English when none does. */
export function languageFor(tag: string | undefined): Language {
  if (tag === undefined) return ENGLISH;
  const wanted = tag.replace("_", "-").toLowerCase();
  const primary = wanted.split("-")[0];
  return (
    LANGUAGES.find((language) => language.tag.toLowerCase() === wanted) ??
    LANGUAGES.find((language) => language.tag.toLowerCase().split("-")[0] === primary) ??
    ENGLISH
  );
}
