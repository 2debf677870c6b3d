import type { Uint64 } from "@windfire/protocol";

/** Standard since 2025 and in the pinned Node; the compiler's library does not know it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): number };

/** A counter as a member for `JSON.stringify`: plain digits, all of them. What a number cannot hold is opaque to everybody else. */
export function jsonCounter(value: Uint64): number {
  return typeof value === "number" ? value : rawJSON(String(value));
}
