import type { i18n, InitOptions, ThirdPartyModule } from "i18next";
import type { Texts } from "../plurals.ts";

/*
 * The part of i18next that the public half uses, in place of the library there (vite.config.ts): that and its binding would be 15 of the
 * 180 kB that a first visit may load. The console keeps the library, and a test compares both over all texts.
 */

type Value = string | number | undefined;
type Values = Readonly<Record<string, Value>>;
type Translate = (key: string, values?: Values) => string;

const HOLE = /\{\{(\w+)\}\}/g;
const RIGHT_TO_LEFT = /^(?:ar|arc|ckb|dv|fa|he|iw|ji|khw|ks|ku|ps|sd|ug|ur|yi)(?:-|$)/;

function textAt(texts: Texts, key: string): string | undefined {
  let found: string | Texts | undefined = texts;
  for (const part of key.split(".")) found = typeof found === "object" ? found[part] : undefined;
  return typeof found === "string" ? found : undefined;
}

/** Texts of one language; a key without a text is shown itself. */
function translator(texts: Texts, language: string): Translate {
  const rules = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const { count } = values;
    const plural = typeof count === "number" ? textAt(texts, `${key}_${rules.select(count)}`) : undefined;
    const text = plural ?? textAt(texts, key) ?? key;
    return text.replace(HOLE, (_hole, name: string) => String(values[name] ?? ""));
  };
}

export class LightTexts {
  readonly store = {};
  language = "";
  readonly #bundles = new Map<string, Translate>();
  readonly #listeners = new Map<string, Set<() => void>>();

  use({ init }: Pick<ThirdPartyModule, "init">): this {
    init(this.#asLibrary());
    return this;
  }

  /** The language and its texts; everything else is as the library has it when told what ours is told. */
  async init({ lng, resources }: InitOptions): Promise<void> {
    this.language = lng ?? "";
    for (const [tag, bundle] of Object.entries(resources ?? {})) this.addResourceBundle(tag, "translation", bundle["translation"] as Texts);
  }

  addResourceBundle(tag: string, _area: string, texts: Texts): void {
    this.#bundles.set(tag, translator(texts, tag));
  }

  hasResourceBundle(tag: string): boolean {
    return this.#bundles.has(tag);
  }

  getFixedT(tag: string): Translate {
    return this.#bundles.get(tag) ?? ((key) => key);
  }

  async changeLanguage(tag: string): Promise<void> {
    this.language = tag;
    this.emit("languageChanged");
  }

  dir(tag: string): "ltr" | "rtl" {
    return RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr";
  }

  on(event: string, listener: () => void): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: () => void): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit(event: string): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }

  /** Whoever is given it calls nothing that is not here: the compiler sees the library, the test sees this. */
  #asLibrary(): i18n {
    return this as unknown as i18n;
  }
}

const library = { createInstance: () => new LightTexts() };

// The library is imported by this name.
// oxlint-disable-next-line import/no-default-export
export default library;
