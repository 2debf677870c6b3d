import type { NotificationKind } from "@windfire/api";

/** One setting of a kind of channel, as its form shows it. */
export interface KindField {
  readonly name: string;
  readonly label: string;
  readonly help: string | undefined;
  readonly placeholder: string | undefined;
  readonly shape: "line" | "secret" | "text" | "secretText" | "number" | "switch" | "choice";
  readonly required: boolean;
  readonly pattern: RegExp | undefined;
  readonly choices: readonly string[];
  readonly usual: string | boolean;
  readonly range: { readonly from: number; readonly to: number } | undefined;
}

/** What a form holds of the settings: figures as they are written. */
export type Settings = Readonly<Record<string, string | boolean>>;

/** What the dashboard's schemas say of a field (JSON Schema). */
interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly writeOnly?: boolean;
}

/** Texts that may be longer than a line are written in a larger field. */
const LONGEST_LINE = 8192;

/** Settings of a kind in the order of its form. */
export function fieldsOf({ schema }: NotificationKind): KindField[] {
  const needed = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(objectOf(schema["properties"])).map(([name, value]) => {
    const field: FieldSchema = objectOf(value);
    const shape = shapeOf(field);
    return {
      name,
      label: field.title ?? name,
      help: field.description,
      placeholder: field.examples?.map(String)[0],
      shape,
      required: needed.includes(name) || (field.minLength ?? 0) > 0,
      pattern: field.pattern === undefined ? undefined : new RegExp(field.pattern, "u"),
      choices: (field.enum ?? []).map(String),
      usual: shape === "switch" ? field.default === true : textOf(field.default),
      range: shape === "number" ? { from: field.minimum ?? -Infinity, to: field.maximum ?? Infinity } : undefined,
    };
  });
}

function shapeOf({ type, enum: choices, writeOnly, maxLength = 0 }: FieldSchema): KindField["shape"] {
  if (choices !== undefined) return "choice";
  if (type === "boolean") return "switch";
  if (type === "integer" || type === "number") return "number";
  if (maxLength > LONGEST_LINE) return writeOnly === true ? "secretText" : "text";
  return writeOnly === true ? "secret" : "line";
}

const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** What a form begins with: what is stored, else what is usual. */
export function readSettings(fields: readonly KindField[], stored: Readonly<Record<string, unknown>> = {}): Settings {
  return Object.fromEntries(
    fields.map(({ name, shape, usual }) => {
      const value = stored[name];
      if (shape === "switch") return [name, typeof value === "boolean" ? value : usual];
      return [name, value === undefined ? usual : textOf(value)];
    }),
  );
}

export function writeSettings(fields: readonly KindField[], settings: Settings): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ name, shape }): [string, unknown] => [name, writeValue(shape, settings[name] ?? "")]));
}

function writeValue(shape: KindField["shape"], value: string | boolean): unknown {
  if (typeof value === "boolean") return value;
  if (shape === "number") return Number(value);
  return shape === "text" || shape === "secretText" ? value : value.trim();
}

/** Keys of what is wrong, by field. `kept`: secrets that are stored, which an empty field leaves as they are. */
export function checkSettings(fields: readonly KindField[], settings: Settings, kept: readonly string[]): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const field of fields) {
    const value = settings[field.name];
    const problem = typeof value === "string" ? problemOf(field, value.trim(), kept.includes(field.name)) : undefined;
    if (problem !== undefined) wrong[field.name] = problem;
  }
  return wrong;
}

function problemOf({ required, pattern, range }: KindField, value: string, kept: boolean): string | undefined {
  if (range !== undefined) {
    const figure = Number(value);
    if (value === "" || !Number.isInteger(figure)) return "form.whole";
    return figure < range.from || figure > range.to ? "channels.outOfRange" : undefined;
  }
  if (value === "") return required && !kept ? "form.required" : undefined;
  return pattern?.test(value) === false ? "channels.badForm" : undefined;
}
