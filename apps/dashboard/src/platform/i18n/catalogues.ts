import type { MessageId } from "@windfire/api";
import deDE from "./catalogues/de_DE.json" with { type: "json" };
import enUS from "./catalogues/en_US.json" with { type: "json" };
import esES from "./catalogues/es_ES.json" with { type: "json" };
import frFR from "./catalogues/fr_FR.json" with { type: "json" };
import glES from "./catalogues/gl_ES.json" with { type: "json" };
import idID from "./catalogues/id_ID.json" with { type: "json" };
import jaJP from "./catalogues/ja_JP.json" with { type: "json" };
import ptBR from "./catalogues/pt_BR.json" with { type: "json" };
import roRO from "./catalogues/ro_RO.json" with { type: "json" };
import ruRU from "./catalogues/ru_RU.json" with { type: "json" };
import taIN from "./catalogues/ta_IN.json" with { type: "json" };
import ukUA from "./catalogues/uk_UA.json" with { type: "json" };
import viVN from "./catalogues/vi_VN.json" with { type: "json" };
import zhCN from "./catalogues/zh_CN.json" with { type: "json" };
import zhTW from "./catalogues/zh_TW.json" with { type: "json" };

/** Text of each message id in one language. Placeholders stand in the order of the id's. */
export type Catalogue = Readonly<Record<MessageId, string>>;

/** Every language of the dashboard's own texts, by locale (spec 10 section 16). */
export const CATALOGUES: ReadonlyMap<string, Catalogue> = new Map<string, Catalogue>([
  ["de_DE", deDE],
  ["en_US", enUS],
  ["es_ES", esES],
  ["fr_FR", frFR],
  ["gl_ES", glES],
  ["id_ID", idID],
  ["ja_JP", jaJP],
  ["pt_BR", ptBR],
  ["ro_RO", roRO],
  ["ru_RU", ruRU],
  ["ta_IN", taIN],
  ["uk_UA", ukUA],
  ["vi_VN", viVN],
  ["zh_CN", zhCN],
  ["zh_TW", zhTW],
]);

/** What a language without a catalogue gets. */
export const ENGLISH: Catalogue = enUS;
