import type { KeyPrefix, PressedKey } from "./key-actions.ts";

/** Pages by the letter after `g`. */
const PAGES: Readonly<Record<string, string>> = { h: "/", s: "/", v: "/service" };

/** What a key of the public half does. */
export type PublicKey =
  | { readonly kind: "palette" | "list" }
  | KeyPrefix
  | { readonly kind: "step"; readonly by: 1 | -1 }
  | { readonly kind: "go"; readonly to: string };

/** A key with where it was pressed. */
export interface PublicKeyPress extends PressedKey {
  /** Whether the focus is where letters are written, or in an open dialog. */
  readonly writing: boolean;
}

/** What a key does on every page of the public half, with the one before it. Letters alone do nothing where something is written, or when they are switched off. */
export function publicKey(
  { key, ctrl, alt, writing }: PublicKeyPress,
  previous: string | undefined,
  single: boolean,
): PublicKey | undefined {
  if (ctrl && !alt && key.toLowerCase() === "k") return { kind: "palette" };
  if (ctrl || alt || writing || !single) return undefined;
  if (previous === "g") {
    const to = PAGES[key];
    return to === undefined ? undefined : { kind: "go", to };
  }
  if (key === "g") return { kind: "prefix" };
  if (key === "j" || key === "k") return { kind: "step", by: key === "j" ? 1 : -1 };
  return key === "?" ? { kind: "list" } : undefined;
}

/** The link after or before the one that has the focus; the first one where none has. */
export function stepFrom<T>(links: readonly T[], focused: T | undefined, by: 1 | -1): T | undefined {
  const at = focused === undefined ? -1 : links.indexOf(focused);
  return at === -1 ? links[0] : links[at + by];
}
