/** An object of JSON. */
export type Item = Readonly<Record<string, unknown>>;

/** Neither a list nor null, which JavaScript calls objects too. */
export const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);
