/** What is wrong with each field, for people; fields without an error may be missing. */
export type Errors<V> = Readonly<Partial<Record<keyof V, string | undefined>>>;

/** Names of the fields, in the order of the form. */
export const keysOf = <V extends object>(labels: Readonly<Record<keyof V, string>>) => Object.keys(labels) as (keyof V)[];

/** No field is wrong, or one. */
export function noErrors<V extends object>(only?: { readonly field: keyof V; readonly text: string }): Errors<V> {
  const errors: { [K in keyof V]?: string | undefined } = {};
  if (only !== undefined) errors[only.field] = only.text;
  return errors;
}

/** Fields whose values differ, in the order of the form. */
export function changedFields<V extends object>(stored: V, values: V): (keyof V)[] {
  return (Object.keys(values) as (keyof V)[]).filter((key) => JSON.stringify(values[key]) !== JSON.stringify(stored[key]));
}

/** Fields of which each says something of the others: whoever is told, and that somebody is to be told. */
export type Together<V> = readonly (readonly (keyof V)[])[];

/**
 * Errors that keep a form from being saved: a stored value that goes back unchanged is accepted whatever a newer check says of it,
 * or rows from before the check could never be edited again. What is judged `together` counts as changed together. Of a new thing every
 * field counts.
 */
export function blockingErrors<V extends object>(
  found: Errors<V>,
  changed: readonly (keyof V)[],
  fresh: boolean,
  together: Together<V> = [],
): Errors<V> {
  if (fresh) return found;
  const judged = new Set([...changed, ...together.filter((fields) => fields.some((field) => changed.includes(field))).flat()]);
  const kept: { [K in keyof V]?: string | undefined } = {};
  for (const key of judged) if (found[key] !== undefined) kept[key] = found[key];
  return kept;
}

/** Fields with an error, in the order of the labels. */
export function wrongFields<V extends object>(errors: Errors<V>, labels: Readonly<Record<keyof V, string>>): (keyof V)[] {
  return keysOf(labels).filter((key) => errors[key] !== undefined);
}
