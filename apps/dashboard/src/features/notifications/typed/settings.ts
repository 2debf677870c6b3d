import { z } from "zod";
import { refuseText } from "#kernel";
import { issueText } from "#platform/http";
import type { ChannelKind } from "../channels/kind.ts";

/** Settings of a channel by field, as its kind's schema made them. */
export type Settings = Readonly<Record<string, unknown>>;

/** Largest settings of one channel, in bytes of JSON. */
const MOST_BYTES = 128 * 1024;

interface Field {
  readonly writeOnly?: boolean;
  readonly address?: boolean;
}

const schemas = new WeakMap<ChannelKind, Readonly<Record<string, unknown>>>();

/** The settings of a kind as JSON Schema, from which a form can be drawn; made once. */
export function schemaOf(kind: ChannelKind): Readonly<Record<string, unknown>> {
  const known = schemas.get(kind);
  if (known !== undefined) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(kind.settings, { io: "input" });
  schemas.set(kind, schema);
  return schema;
}

function fieldsOf(kind: ChannelKind): ReadonlyMap<string, Field> {
  return new Map(Object.entries((schemaOf(kind)["properties"] ?? {}) as Record<string, Field>));
}

/** Names of the fields that go in and never come out. */
export function secretFields(kind: ChannelKind): string[] {
  return [...fieldsOf(kind)].filter(([, { writeOnly }]) => writeOnly === true).map(([name]) => name);
}

/** What may be shown, and what may not. */
export function splitSettings(kind: ChannelKind, settings: Settings): { readonly open: Settings; readonly secrets: Settings } {
  const hidden = new Set(secretFields(kind));
  const part = (secret: boolean): Settings => Object.fromEntries(Object.entries(settings).filter(([name]) => hidden.has(name) === secret));
  return { open: part(false), secrets: part(true) };
}

/** Values of secret fields, for taking them out of texts that come back. */
export function secretValues(kind: ChannelKind, settings: Settings): string[] {
  return Object.values(splitSettings(kind, settings).secrets).filter((value): value is string => typeof value === "string" && value !== "");
}

/**
 * The settings as they are used. @throws {AppError} that names the field
 */
export function parseSettings(kind: ChannelKind, given: Settings): Settings {
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_BYTES) throw refuseText(`settings: must have at most ${MOST_BYTES} bytes`);
  const parsed = kind.settings.safeParse(given, { error: issueText });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = ["settings", ...(issue?.path ?? [])].map(String).join(".");
  throw refuseText(`${path}: ${issue?.message ?? "is not understood"}`);
}

/**
 * What is stored when a form is saved over a channel of the same kind: secrets left out or empty stay, but never follow the address to
 * another place. @throws {AppError} that names the field
 */
export function mergeSettings(kind: ChannelKind, stored: Settings | undefined, form: Settings): Settings {
  if (stored === undefined) return parseSettings(kind, form);
  const kept = Object.fromEntries(
    secretFields(kind)
      .filter((name) => (form[name] ?? "") === "" && (stored[name] ?? "") !== "")
      .map((name) => [name, stored[name]]),
  );
  const settings = parseSettings(kind, { ...form, ...kept });
  const moved = [...fieldsOf(kind)].find(([name, { address }]) => address === true && placeOf(settings[name]) !== placeOf(stored[name]));
  const [first] = Object.keys(kept);
  if (moved !== undefined && first !== undefined)
    throw refuseText(`settings.${first}: enter it again, because ${moved[0]} names another host`);
  return settings;
}

/** Scheme, host and port of a URL; another text stands for itself. */
function placeOf(value: unknown): string {
  const text = String(value);
  return URL.canParse(text) && /^https?:/.test(text) ? new URL(text).origin : text;
}
