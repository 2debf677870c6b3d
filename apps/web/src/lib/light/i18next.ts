import type { TFunction } from "i18next";
import type { AppI18n } from "../app-i18n.ts";
import type { Texts } from "../plurals.ts";

/*
 * The part of i18next that the public half uses, in place of the library there (vite.config.ts): that and its binding would be 15 of the
 * 180 kB that a first visit may load. The console keeps the library, and a test compares both over all texts.
 */

type Values = Readonly<Record<string, string | number | undefined>>;

interface InitOptions {
  readonly lng: string;
  readonly resources: Readonly<Record<string, { readonly translation: Texts }>>;
}

const HOLE = /\{\{(\w+)\}\}/g;
const RIGHT_TO_LEFT = /^(?:ar|arc|ckb|dv|fa|he|iw|ji|khw|ks|ku|ps|sd|ug|ur|yi)(?:-|$)/;

function textAt(texts: Texts, key: string): string | undefined {
  let found: string | Texts | undefined = texts;
  for (const part of key.split(".")) found = typeof found === "object" ? found[part] : undefined;
  return typeof found === "string" ? found : undefined;
}

/** Texts of one language; a key without a text is shown itself. */
function translator(texts: Texts, language: string): TFunction {
  const rules = new Intl.PluralRules(language);
  const say = (key: string, values: Values = {}): string => {
    const { count } = values;
    const plural = typeof count === "number" ? textAt(texts, `${key}_${rules.select(count)}`) : undefined;
    const text = plural ?? textAt(texts, key) ?? key;
    return text.replace(HOLE, (_hole, name: string) => String(values[name] ?? ""));
  };
  // The type has a mark that nothing but the library's own function carries, and takes options that no text of the public half needs.
  return say as unknown as TFunction;
}

/** Texts as the app asks for them: the compiler says when something is missing here. */
export class LightTexts implements AppI18n {
  readonly store = {};
  language = "";
  readonly #bundles = new Map<string, TFunction>();
  readonly #listeners = new Set<() => void>();

  /** Introduces itself, to what React is bound by. */
  use({ init }: { readonly init: (texts: AppI18n) => void }): this {
    init(this);
    return this;
  }

  /** The language and its texts; everything else is as the library has it when told what ours is told. */
  async init({ lng, resources }: InitOptions): Promise<void> {
    this.language = lng;
    for (const [tag, { translation }] of Object.entries(resources)) this.addResourceBundle(tag, "translation", translation);
  }

  addResourceBundle(tag: string, _area: string, texts: Texts): void {
    this.#bundles.set(tag, translator(texts, tag));
  }

  hasResourceBundle(tag: string): boolean {
    return this.#bundles.has(tag);
  }

  getFixedT(tag: string): TFunction {
    return this.#bundles.get(tag) ?? translator({}, tag);
  }

  async changeLanguage(tag: string): Promise<void> {
    this.language = tag;
    this.emit();
  }

  dir(tag: string): "ltr" | "rtl" {
    return RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr";
  }

  on(_event: "languageChanged", listener: () => void): void {
    this.#listeners.add(listener);
  }

  off(_event: "languageChanged", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  emit(): void {
    for (const listener of this.#listeners) listener();
  }
}

const library = { createInstance: () => new LightTexts() };

// The library is imported by this name.
// oxlint-disable-next-line import/no-default-export
export default library;
