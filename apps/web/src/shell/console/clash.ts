/**
 * Fields of a draft that were changed elsewhere meanwhile: what is stored of them now is neither what the draft began with nor what it
 * says. `begun` holds the fields of the draft alone; whatever else was changed elsewhere is in `values` already.
 */
export function clashingFields<V extends object>(begun: Partial<V>, stored: V, values: V): (keyof V)[] {
  const text = (value: unknown) => JSON.stringify(value);
  return (Object.keys(begun) as (keyof V)[]).filter(
    (key) => text(begun[key]) !== text(stored[key]) && text(values[key]) !== text(stored[key]),
  );
}

/** `all` without some of its fields. */
export function without<V extends object>(all: Partial<V>, fields: readonly (keyof V)[]): Partial<V> {
  const rest = { ...all };
  for (const field of fields) delete rest[field];
  return rest;
}

/** Some fields of `all`. */
export function only<V extends object>(all: V, fields: readonly (keyof V)[]): Partial<V> {
  const some: Partial<V> = {};
  for (const field of fields) some[field] = all[field];
  return some;
}
