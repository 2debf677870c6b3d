import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { AppI18n } from "./app-i18n.ts";
import { languageFor } from "./languages.ts";
import type { Language } from "./languages.ts";
import { STORAGE_KEYS } from "./storage.ts";
import type { Preferences } from "./storage.ts";
import { completePlurals } from "./plurals.ts";
import type { Texts } from "./plurals.ts";

export type LoadTexts = (file: Language["file"]) => Promise<Texts>;

export interface LanguageSwitch {
  readonly i18n: AppI18n;
  /** Languages this half has texts in. */
  readonly offered: readonly Language[];
  current(): Language;
  /** The visitor's choice: stored, and stronger than the site's default from now on. */
  choose(tag: string): Promise<void>;
  /** The site's default: used as long as the visitor has not chosen. */
  siteDefault(tag: string | undefined): Promise<void>;
}

/** i18next with the texts of one language at a time. `<html lang dir>` follows. */
export async function createLanguageSwitch(deps: {
  document: { readonly documentElement: { lang: string; dir: string } };
  preferences: Preferences;
  load: LoadTexts;
  offered: readonly Language[];
  siteTag: string | undefined;
}): Promise<LanguageSwitch> {
  const { document, preferences, offered } = deps;
  const load: LoadTexts = async (file) => completePlurals(await deps.load(file), file);
  const chosen = () => preferences.read(STORAGE_KEYS.language);
  let language = languageFor(chosen() ?? deps.siteTag, offered);
  const library = i18next.createInstance();
  await library.use(initReactI18next).init({
    lng: language.tag,
    fallbackLng: false,
    resources: { [language.tag]: { translation: await load(language.file) } },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  const instance: AppI18n = library;
  const mark = () => {
    document.documentElement.lang = language.tag;
    document.documentElement.dir = instance.dir(language.tag);
  };
  const change = async (tag: string | undefined) => {
    const next = languageFor(tag, offered);
    if (next.tag === language.tag) return;
    if (!instance.hasResourceBundle(next.tag, "translation")) {
      instance.addResourceBundle(next.tag, "translation", await load(next.file));
    }
    language = next;
    await instance.changeLanguage(next.tag);
    mark();
  };
  mark();
  return {
    i18n: instance,
    offered,
    current: () => language,
    async choose(tag) {
      preferences.write(STORAGE_KEYS.language, tag);
      await change(tag);
    },
    async siteDefault(tag) {
      if (chosen() === undefined) await change(tag);
    },
  };
}
