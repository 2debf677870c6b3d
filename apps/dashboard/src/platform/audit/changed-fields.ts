import { isDeepStrictEqual } from "node:util";

/** A field that changed. Long values are cut; of a secret only that it changed. */
export interface ChangedField {
  readonly field: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Stands for a value that is not written down. */
const HIDDEN = "•••";
/** Longest text, in characters, and largest other value, in bytes of JSON. */
const LONGEST = 500;
/** Changes with every edit and says nothing. */
const UNINTERESTING = new Set(["updatedAt"]);

/** Fields in which two records differ, in the order of the newer one. */
export function changedFields(from: object | undefined, to: object | undefined, secrets: readonly string[]): ChangedField[] {
  const before = new Map<string, unknown>(Object.entries(from ?? {}));
  const after = new Map<string, unknown>(Object.entries(to ?? {}));
  const names = [...new Set([...after.keys(), ...before.keys()])].filter((name) => !UNINTERESTING.has(name));
  return names
    .filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)))
    .map((field) => ({
      field,
      ...(before.has(field) ? { from: shown(before.get(field), secrets.includes(field)) } : {}),
      ...(after.has(field) ? { to: shown(after.get(field), secrets.includes(field)) } : {}),
    }));
}

function shown(value: unknown, secret: boolean): unknown {
  if (secret) return value === "" || value === undefined || value === null ? value : HIDDEN;
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  const text = JSON.stringify(value) as string | undefined;
  return text !== undefined && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : value;
}
