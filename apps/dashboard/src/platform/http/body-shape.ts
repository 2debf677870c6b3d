import type { z } from "zod";
import { DecimalLiteral } from "@windfire/api";
import { refuseText } from "#kernel";
import { withoutLiterals } from "./json-body.ts";

/**
 * Which keys a body schema knows, level by level. Used to match the keys of a body without regard to case and to drop `null`s before
 * the schema sees them (spec 10 section 4.2).
 */
export type BodyShape =
  | {
      readonly kind: "object";
      readonly names: ReadonlyMap<string, string>;
      readonly fields: ReadonlyMap<string, BodyShape>;
      /** Fields of ours in which `null` says something else than leaving them out: those that are nullable and optional. */
      readonly nullable: ReadonlySet<string>;
    }
  | { readonly kind: "list"; readonly of: BodyShape }
  | { readonly kind: "map"; readonly of: BodyShape }
  /** Anything, for somebody else to look at. */
  | { readonly kind: "anything" }
  | { readonly kind: "value" };

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
}

/** Reads the shape off a Zod schema; wrappers (optional, default, pipe) are looked through. */
export function shapeOf(schema: z.ZodType): BodyShape {
  const definition = schema.def as Definition;
  if (definition.innerType) return shapeOf(definition.innerType);
  if (definition.type === "pipe" && definition.in) return shapeOf(definition.in);
  if (definition.type === "array" && definition.element) return { kind: "list", of: shapeOf(definition.element) };
  if (definition.type === "record" && definition.valueType) return { kind: "map", of: shapeOf(definition.valueType) };
  if (definition.type === "unknown") return { kind: "anything" };
  if (definition.type !== "object" || !definition.shape) return { kind: "value" };
  const fields = new Map(Object.entries(definition.shape).map(([name, field]) => [name, shapeOf(field)]));
  const names = new Map([...fields.keys()].map((name) => [name.toLowerCase(), name]));
  const nullable = new Set(Object.entries(definition.shape).flatMap(([name, field]) => (isNullableOption(field) ? [name] : [])));
  return { kind: "object", names, fields, nullable };
}

function isNullableOption(schema: z.ZodType): boolean {
  const { type, innerType } = schema.def as Definition;
  return type === "optional" && innerType?.def.type === "nullable";
}

/** Entries of one list or map (spec 60 section 5): counted before the schema looks at each of them. */
const MOST_ENTRIES = 10_000;

/**
 * A body with its keys spelled as the schema spells them, unknown keys and nulls gone that say nothing. `null` itself is an empty object or list.
 *
 * @throws {AppError} naming the field, when a list or map has too many entries
 */
export function fitToShape(value: unknown, shape: BodyShape, path = ""): unknown {
  if (shape.kind === "anything") return withoutLiterals(value);
  if (value === null) return shape.kind === "list" ? [] : shape.kind === "value" ? null : {};
  if (shape.kind === "value" || typeof value !== "object" || value instanceof DecimalLiteral) return value;
  if (Array.isArray(value)) return shape.kind === "list" ? fitList(value, shape.of, path) : value;
  if (shape.kind === "list") return value;
  return shape.kind === "map" ? fitMap(value, shape.of, path) : fitObject(value, shape, path);
}

function fitList(value: readonly unknown[], of: BodyShape, path: string): unknown {
  requireFew(value.length, path);
  return of.kind === "value" ? value : value.map((entry, index) => (entry === null ? null : fitToShape(entry, of, inside(path, index))));
}

function fitObject(value: object, shape: BodyShape & { kind: "object" }, path: string): Record<string, unknown> {
  const fitted: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const name = shape.fields.has(key) ? key : shape.names.get(key.toLowerCase());
    const field = name === undefined ? undefined : shape.fields.get(name);
    if (name === undefined || field === undefined) continue;
    if (entry === null) {
      if (shape.nullable.has(name)) fitted[name] = null;
      continue;
    }
    fitted[name] = fitToShape(entry, field, inside(path, name));
  }
  return fitted;
}

function fitMap(value: object, of: BodyShape, path: string): Record<string, unknown> {
  const entries: [string, unknown][] = Object.entries(value);
  requireFew(entries.length, path);
  return Object.fromEntries(entries.map(([key, entry]) => [key, entry === null ? null : fitToShape(entry, of, inside(path, key))]));
}

function requireFew(count: number, path: string): void {
  const message = `must have at most ${MOST_ENTRIES} entries`;
  if (count > MOST_ENTRIES) throw refuseText(path === "" ? message : `${path}: ${message}`);
}

function inside(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}.${name}`;
}
