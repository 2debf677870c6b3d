import type { Uint64 } from "@windfire/protocol";

/** JSON members of a flat object without those that are zero, empty or absent. */
export class JsonMembers {
  readonly #members: string[] = [];

  number(key: string, value: Uint64): this {
    if (value !== 0) this.#add(key, String(value));
    return this;
  }

  string(key: string, value: string): this {
    if (value !== "") this.#add(key, JSON.stringify(value));
    return this;
  }

  list(key: string, value: readonly unknown[]): this {
    if (value.length > 0) this.#add(key, JSON.stringify(value));
    return this;
  }

  /** A list of rendered members. */
  jsonList(key: string, values: readonly string[]): this {
    if (values.length > 0) this.#add(key, `[${values.join(",")}]`);
    return this;
  }

  /** A member that is always written; `json` is rendered already. */
  json(key: string, json: string): this {
    this.#add(key, json);
    return this;
  }

  /** Several members, rendered already. */
  members(text: string): this {
    this.#members.push(text);
    return this;
  }

  #add(key: string, json: string): void {
    this.#members.push(`"${key}":${json}`);
  }

  /** Each as `"key":value`. */
  rendered(): readonly string[] {
    return this.#members;
  }

  object(): string {
    return objectOf(this.#members);
  }
}

/** In one piece: these texts are kept, and one put together from others would be walked through each time a longer one takes it in. */
export function objectOf(members: readonly string[]): string {
  return ["{", members.join(","), "}"].join("");
}
