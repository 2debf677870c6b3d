/** Languages that somebody has written texts in; the name is in the language itself. `file` names the texts. */
export const LANGUAGES = [
  { tag: "en-US", file: "en", name: "English" },
  { tag: "de-DE", file: "de", name: "Deutsch" },
  { tag: "es-ES", file: "es", name: "Español" },
  { tag: "fr-FR", file: "fr", name: "Français" },
  { tag: "gl-ES", file: "gl", name: "Galego" },
  { tag: "id-ID", file: "id", name: "Bahasa Indonesia" },
  { tag: "ja-JP", file: "ja", name: "日本語" },
  { tag: "pt-BR", file: "pt-BR", name: "Português (Brasil)" },
  { tag: "ro-RO", file: "ro", name: "Română" },
  { tag: "ru-RU", file: "ru", name: "Русский" },
  { tag: "ta-IN", file: "ta", name: "தமிழ்" },
  { tag: "uk-UA", file: "uk", name: "Українська" },
  { tag: "vi-VN", file: "vi", name: "Tiếng Việt" },
  { tag: "zh-CN", file: "zh-CN", name: "简体中文" },
  { tag: "zh-TW", file: "zh-TW", name: "繁體中文" },
] as const;

export type Language = (typeof LANGUAGES)[number];

const ENGLISH = LANGUAGES[0];
/** Chinese that is read in traditional characters. */
const TRADITIONAL = /^zh-(?:tw|hk|mo|hant)/;

/** Of the languages that are offered, the one that serves a reader of `tag` best; English when none does. */
export function languageFor(tag: string | undefined, offered: readonly Language[] = LANGUAGES): Language {
  if (tag === undefined) return ENGLISH;
  const wanted = tag.replace("_", "-").toLowerCase();
  const exact = TRADITIONAL.test(wanted) ? "zh-tw" : wanted;
  const primary = wanted.split("-")[0];
  return (
    offered.find((language) => language.tag.toLowerCase() === exact) ??
    offered.find((language) => language.tag.toLowerCase().split("-")[0] === primary) ??
    ENGLISH
  );
}
