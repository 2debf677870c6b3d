import type { LoadTexts } from "#lib/i18n.ts";
import { LANGUAGES } from "#lib/languages.ts";
import type { Language } from "#lib/languages.ts";
import type { Texts } from "#lib/plurals.ts";
import { mergeTexts } from "./merge-texts.ts";

/** Files of texts by their paths, each loaded when its language is spoken. */
type Files = Readonly<Record<string, () => Promise<Texts>>>;

/** The languages that a half has its own and the shared texts in, and how they are loaded. */
export function textLoader(shared: Files, own: Files): { readonly offered: readonly Language[]; readonly load: LoadTexts } {
  const pick = (files: Files, file: string) => Object.entries(files).find(([path]) => path.endsWith(`/${file}.json`))?.[1];
  return {
    offered: LANGUAGES.filter(({ file }) => pick(shared, file) !== undefined && pick(own, file) !== undefined),
    async load(file) {
      const [common, special] = await Promise.all([pick(shared, file)?.(), pick(own, file)?.()]);
      return mergeTexts(common ?? {}, special ?? {});
    },
  };
}
