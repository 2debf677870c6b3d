import type { TFunction } from "i18next";
import { useSyncExternalStore } from "react";
import type { AppI18n } from "../app-i18n.ts";

/* The part of react-i18next that the public half uses; see i18next.ts beside it. */

let instance: AppI18n | undefined;
/** Counts what makes everything be written anew: another language, or other conventions in the same one. */
let changes = 0;
let fixed: { readonly at: number; readonly t: TFunction } | undefined;

/** Makes the texts known to {@link useTranslation}. */
export const initReactI18next = {
  type: "3rdParty" as const,
  init(made: AppI18n): void {
    instance = made;
    changes++;
    made.on("languageChanged", () => changes++);
  },
};

const subscribe = (listener: () => void) => {
  instance?.on("languageChanged", listener);
  return () => instance?.off("languageChanged", listener);
};
const snapshot = () => changes;

/** The texts of the language that is spoken; drawn again with another one, or with other conventions. */
export function useTranslation(): { readonly t: TFunction; readonly i18n: AppI18n } {
  const at = useSyncExternalStore(subscribe, snapshot, snapshot);
  if (instance === undefined) throw new Error("no language was chosen yet");
  if (fixed?.at !== at) fixed = { at, t: instance.getFixedT(instance.language) };
  return { t: fixed.t, i18n: instance };
}
