import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { AppI18n } from "./app-i18n.ts";
import { browserZone, USUAL } from "./conventions.ts";
import type { Conventions } from "./conventions.ts";
import { createNumberFormat } from "./number-format.ts";
import type { NumberFormat } from "./number-format.ts";
import { createTimeFormat } from "./time-format.ts";
import type { TimeFormat } from "./time-format.ts";

export interface Formats {
  /** Of the texts, a BCP 47 tag. */
  readonly language: string;
  readonly t: TFunction;
  readonly number: NumberFormat;
  readonly time: TimeFormat;
  /** `Japan`, `日本`; the code itself when the language has no name for it. */
  country(code: string): string;
  /** `a, b and c` */
  list(items: readonly string[]): string;
}

/** Numbers, times, names and texts in the reader's language. The same object everywhere until the language changes. */
export function useFormats(): Formats {
  const { i18n }: { readonly i18n: AppI18n } = useTranslation();
  return formatsOf(i18n);
}

/** By the texts: each component is handed an object of its own around the same instance. */
const made = new WeakMap<AppI18n["store"], { readonly language: string; readonly formats: Formats }>();

const wanted = new WeakMap<AppI18n["store"], Conventions>();

/** Times and sizes as the reader wants them from now on; everything that is shown is written anew, as after a change of language. */
export function followConventions(instance: AppI18n, conventions: Conventions): void {
  wanted.set(instance.store, conventions);
  made.delete(instance.store);
  instance.emit("languageChanged", instance.language);
}

/** Formats of the language that is spoken now. Made once: a formatter of `Intl` costs more than all a page does with it. */
export function formatsOf(instance: AppI18n): Formats {
  const known = made.get(instance.store);
  if (known?.language === instance.language) return known.formats;
  const formats = createFormats(instance.getFixedT(instance.language), instance.language, wanted.get(instance.store));
  made.set(instance.store, { language: instance.language, formats });
  return formats;
}

export function createFormats(t: TFunction, locale: string, conventions = USUAL): Formats {
  const names = new Intl.DisplayNames(locale, { type: "region", fallback: "code" });
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  return {
    language: locale,
    t,
    number: createNumberFormat(locale, conventions),
    time: createTimeFormat({
      locale,
      timeZone: conventions.zone ?? browserZone(),
      unit: (unit, value) => t(`unit.${unit}`, { value }),
      now: Date.now,
    }),
    country: (code) => (/^[a-z]{2}$/i.test(code) ? (names.of(code.toUpperCase()) ?? code) : code),
    list: (items) => lists.format(items),
  };
}
