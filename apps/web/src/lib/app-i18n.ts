import type { TFunction } from "i18next";
import type { Texts } from "./plurals.ts";

/** What the app asks of i18next. The console has the library for it, the public half `light/i18next.ts`: the compiler holds both to this. */
export interface AppI18n {
  /** The language that is spoken, a BCP 47 tag. */
  readonly language: string;
  /** The same object for as long as the page lives. */
  readonly store: object;
  getFixedT(tag: string): TFunction;
  changeLanguage(tag: string): Promise<unknown>;
  hasResourceBundle(tag: string, area: "translation"): boolean;
  addResourceBundle(tag: string, area: "translation", texts: Texts): unknown;
  dir(tag: string): "ltr" | "rtl";
  on(event: "languageChanged", listener: () => void): unknown;
  off(event: "languageChanged", listener: () => void): unknown;
  /** Makes everything be written anew. */
  emit(event: "languageChanged", tag: string): void;
}
