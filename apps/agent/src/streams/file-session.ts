import { parseFileRequest } from "@windfire/protocol";
import type { FileRequest } from "@windfire/protocol";

/** Where a file stream stands: it waits for a request, or for what is left of an announced upload. */
export type FileState = { readonly kind: "idle" } | { readonly kind: "receiving"; readonly missing: number };

/** What a message is. `last` data is the final message of an upload; what it holds beyond the announced size belongs to it. */
export type FileStep =
  | { readonly kind: "request"; readonly request: FileRequest }
  | { readonly kind: "data"; readonly bytes: Uint8Array; readonly last: boolean }
  | { readonly kind: "invalid" }
  | { readonly kind: "nothing" };

export const IDLE: FileState = { kind: "idle" };

/**
 * Takes one message of a file stream (spec 20 section 11.2). An upload turns as many bytes as it announces into data,
 * whether the file can be written or not: whoever refuses it passes over the data, so that nothing a file holds is ever
 * taken for a request.
 */
export function stepFileSession(state: FileState, message: Uint8Array): { readonly next: FileState; readonly step: FileStep } {
  if (state.kind === "receiving") {
    const missing = state.missing - message.length;
    const last = missing <= 0;
    return { next: last ? IDLE : { kind: "receiving", missing }, step: { kind: "data", bytes: message, last } };
  }
  const request = parseFileRequest(message);
  if (request === "unknown") return { next: IDLE, step: { kind: "nothing" } };
  if (request === "invalid") return { next: IDLE, step: { kind: "invalid" } };
  const isData = request.kind === "upload" && request.size > 0;
  return { next: isData ? { kind: "receiving", missing: request.size } : IDLE, step: { kind: "request", request } };
}
