import type { Refusal } from "#ui/refusal.ts";

/** "slug: another page has this address", "groups.0.name: …" */
const NAMED = /^([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*): (.+)$/s;

/** The field that a refusal of the dashboard names, or is known by what it says of it; `undefined` for neither. */
export function refusalOf(message: string, spellings: Readonly<Record<string, RegExp>> = {}): Refusal | undefined {
  const [known] = Object.entries(spellings).find(([, pattern]) => pattern.test(message)) ?? [];
  if (known !== undefined) return { path: known, text: message };
  const [, path, text] = NAMED.exec(message) ?? [];
  return path === undefined || text === undefined ? undefined : { path, text };
}

/** How the dashboard calls fields that a form calls otherwise, or what it says of them where it names none. */
export type Spellings<V> = { readonly [K in keyof V]?: string | RegExp };

/**
 * The field of a form that a refusal speaks of, and what it says. A form's `maxLatency` is the dashboard's `max_latency`; of a path
 * (`export.bucket`, `rules.0.max`) the whole, the beginning and the end are tried in this order.
 */
export function refusedField<V extends object>(
  message: string,
  fields: readonly (keyof V)[],
  spellings?: Spellings<V>,
): { readonly field: keyof V; readonly text: string } | undefined {
  const byPattern = fields.find((field) => {
    const spelling = spellings?.[field];
    return spelling instanceof RegExp && spelling.test(message);
  });
  if (byPattern !== undefined) return { field: byPattern, text: refusalOf(message)?.text ?? message };
  const named = refusalOf(message);
  if (named === undefined) return undefined;
  const parts = named.path.split(".");
  const names = [named.path, parts[0], parts.at(-1)];
  const called = (field: keyof V): string => {
    const spelling = spellings?.[field];
    return typeof spelling === "string" ? spelling : snakeCase(String(field));
  };
  for (const name of names) {
    const field = fields.find((candidate) => called(candidate) === name);
    if (field !== undefined) return { field, text: named.text };
  }
  return undefined;
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
