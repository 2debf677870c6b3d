import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { issueText } from "./issue-text.ts";
import { withoutLiterals } from "./json-body.ts";

/** The fields of a row as its route's body spells them; only those that may be refused need be there. */
export type StoredFields = Readonly<Record<string, unknown>>;

/** What a schema has against a body. */
export type Issue = Pick<z.core.$ZodIssue, "path" | "message">;

type Fields = Record<string, unknown>;
/** Where a value stood that was taken out of a body: a field, or an element or member of one. */
interface Spared {
  readonly field: string;
  readonly key?: PropertyKey;
  readonly value: unknown;
}

/**
 * Parses a body over a row that exists. Rules grow stricter and rows stay: whatever the schema refuses although the row holds it already
 * comes back unchanged, and is taken as it is stored. That goes for a field as a whole, and for single entries of a list or map.
 *
 * @returns the parsed body, or the first issue with something that is not in the row
 */
export function parseOverStored(
  schema: z.ZodType,
  body: unknown,
  stored: StoredFields,
): { readonly data: unknown } | { readonly issue: Issue } {
  const checked = schema.safeParse(body, { error: issueText });
  if (checked.success) return checked;
  const spared = new Map<string, Spared>();
  for (const issue of checked.error.issues) {
    const found = isObject(body) ? findStored(body, stored, issue.path) : undefined;
    if (!found) return { issue };
    spared.set(JSON.stringify([found.field, found.key]), found);
  }
  const rest = schema.safeParse(isObject(body) ? without(body, [...spared.values()]) : body, { error: issueText });
  if (rest.success) return { data: isObject(rest.data) ? withSpared(rest.data, [...spared.values()]) : rest.data };
  return { issue: rest.error.issues[0] ?? { path: [], message: "invalid input" } };
}

function findStored(body: Fields, stored: StoredFields, [field, key]: readonly PropertyKey[]): Spared | undefined {
  if (typeof field !== "string" || !Object.hasOwn(stored, field)) return undefined;
  const [sent, kept] = [withoutLiterals(body[field]), stored[field]];
  if (isDeepStrictEqual(sent, kept)) return { field, value: kept };
  if (key === undefined) return undefined;
  if (Array.isArray(sent) && Array.isArray(kept)) {
    const value: unknown = sent[Number(key)];
    return kept.some((entry) => isDeepStrictEqual(entry, value)) ? { field, key, value } : undefined;
  }
  const [member, keptMember] = [memberOf(sent, key), memberOf(kept, key)];
  return keptMember !== undefined && isDeepStrictEqual(member, keptMember) ? { field, key, value: keptMember } : undefined;
}

function without(body: Fields, spared: readonly Spared[]): Fields {
  const rest: Fields = { ...body };
  for (const { field } of spared) {
    const keys = new Set(spared.filter((one) => one.field === field).map(({ key }) => key));
    const value = body[field];
    if (keys.has(undefined)) delete rest[field];
    else if (Array.isArray(value)) rest[field] = value.filter((_, index) => !keys.has(index));
    else if (isObject(value)) rest[field] = Object.fromEntries(Object.entries(value).filter(([member]) => !keys.has(member)));
  }
  return rest;
}

/** Entries go back to where they stood, the first first. */
function withSpared(parsed: Fields, spared: readonly Spared[]): Fields {
  const whole: Fields = { ...parsed };
  for (const { field, key, value } of spared.toSorted((a, b) => Number(a.key ?? 0) - Number(b.key ?? 0))) {
    const container = whole[field];
    if (key === undefined) whole[field] = value;
    else if (Array.isArray(container)) whole[field] = container.toSpliced(Number(key), 0, value);
    else if (isObject(container)) whole[field] = { ...container, [key]: value };
  }
  return whole;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return isObject(value) && typeof key === "string" && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
