/** An object of JSON. */
export type Item = Readonly<Record<string, unknown>>;

export const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);
