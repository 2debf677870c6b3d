import type { TFunction } from "i18next";

/** Errors whose texts are keys, in the reader's language. */
export function translated<V extends object>(
  t: TFunction,
  errors: Readonly<Partial<Record<keyof V, string>>>,
): Partial<Record<keyof V, string>> {
  const texts: Partial<Record<keyof V, string>> = {};
  for (const field of Object.keys(errors) as (keyof V)[]) {
    const key: string | undefined = errors[field];
    if (key !== undefined) texts[field] = t(key);
  }
  return texts;
}
