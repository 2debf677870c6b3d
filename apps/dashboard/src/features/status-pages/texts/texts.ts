import type { PageLanguage } from "@windfire/api";
import de from "./de.json" with { type: "json" };
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };
import fr from "./fr.json" with { type: "json" };
import gl from "./gl.json" with { type: "json" };
import id from "./id.json" with { type: "json" };
import ja from "./ja.json" with { type: "json" };
import ptBR from "./pt-BR.json" with { type: "json" };
import ro from "./ro.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };
import ta from "./ta.json" with { type: "json" };
import uk from "./uk.json" with { type: "json" };
import vi from "./vi.json" with { type: "json" };
import zhCN from "./zh-CN.json" with { type: "json" };
import zhTW from "./zh-TW.json" with { type: "json" };

/** What pages and mails of pages say in one language. `{name}` stands for a value. */
export type PageTexts = Readonly<Record<keyof typeof en, string>>;

export const PAGE_TEXTS: Readonly<Record<PageLanguage, PageTexts>> = {
  de,
  en,
  es,
  fr,
  gl,
  id,
  ja,
  "pt-BR": ptBR,
  ro,
  ru,
  ta,
  uk,
  vi,
  "zh-CN": zhCN,
  "zh-TW": zhTW,
};

/** A text with its values in their places. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
