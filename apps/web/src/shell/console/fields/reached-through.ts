import type { ReachedThrough } from "@windfire/api";

/** As a choice of a select: `server:3`; "" for none. */
export const writeThrough = (value: ReachedThrough | null): string => (value === null ? "" : `${value.kind}:${value.id}`);

export function readThrough(text: string): ReachedThrough | null {
  const [kind, id] = text.split(":");
  return kind === "server" || kind === "service" ? { kind, id: Number(id) } : null;
}
