import { isDeepStrictEqual } from "node:util";
import { EDITABLE } from "./editable.ts";
import { sectionKeys, topKeys } from "./keys.ts";
import type { ConfigValues } from "./values.ts";

/** What may change under a running dashboard: whoever uses these reads them when they are needed. */
const TAKEN = [...EDITABLE, "logFormat", "logLevel"] as const satisfies readonly (keyof typeof topKeys)[];
const TAKEN_OF_HTTPS = ["tlsCertPath", "tlsKeyPath"] as const;

/** Made by the start itself, where the file has none or the environment goes before it. */
const MADE: ReadonlySet<string> = new Set(["jwtSecretKey", "jwtSecretKeyLastRotatedVersion", "agentSecretKey"]);

/** What came of reading the configuration again; keys as the file spells them. */
export interface Reloaded {
  readonly taken: readonly string[];
  /** Differ from what this process was started with. */
  readonly restart: readonly string[];
  /** Fields whose values are other ones now. */
  readonly fields: readonly string[];
}

/** Parts what `next` changes into what is taken and what has to wait. Returns the values that hold from now on as well. */
export function takeHarmless(current: ConfigValues, next: ConfigValues): Reloaded & { readonly values: ConfigValues } {
  const fields = TAKEN.filter((field) => current[field] !== next[field]);
  const files = TAKEN_OF_HTTPS.filter((field) => current.https[field] !== next.https[field]);
  const pick = Object.fromEntries(fields.map((field) => [field, next[field]]));
  const https = Object.fromEntries(files.map((field) => [field, next.https[field]]));
  const values: ConfigValues = { ...current, ...pick, https: { ...current.https, ...https } };
  const taken = [...fields.map((field) => topKeys[field].name), ...files.map((field) => `https.${sectionKeys.https[field].name}`)];
  return { values, taken, fields, restart: changedKeys(values, next) };
}

function changedKeys(held: ConfigValues, next: ConfigValues): string[] {
  const top = Object.entries(topKeys).filter(([field]) => !MADE.has(field) || next[field as keyof ConfigValues] !== "");
  const plain = top.filter(([field]) => held[field as keyof ConfigValues] !== next[field as keyof ConfigValues]);
  const sections = (["https", "memory", "tsdb"] as const).flatMap((section) =>
    Object.entries(sectionKeys[section])
      .filter(([field]) => !isDeepStrictEqual(memberOf(held[section], field), memberOf(next[section], field)))
      .map(([, { name }]) => `${section}.${name}`),
  );
  const others = Object.entries(APART)
    .filter(([field]) => !isDeepStrictEqual(memberOf(held, field), memberOf(next, field)))
    .map(([, name]) => name);
  return [...plain.map(([, { name }]) => name), ...sections, ...others];
}

/** What is no plain key and no section of plain keys, and how the file calls it. */
const APART = {
  databaseAddress: "database",
  history: "history",
  limits: "limits",
  oauth2: "oauth2",
  outboundAllow: "outbound_allow",
  bus: "bus",
} as const satisfies Partial<Record<keyof ConfigValues, string>>;

function memberOf(section: object, field: string): unknown {
  return Object.entries(section).find(([name]) => name === field)?.[1];
}
