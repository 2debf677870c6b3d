import type { Ask } from "./questions.ts";

/** What has been deleted is told to the thread with the next beat, many at once. */
export interface DeletedRows {
  add(what: "server" | "service", id: number): void;
  tell(): void;
}

export function createDeletedRows(ask: Ask): DeletedRows {
  const deleted = { server: new Set<number>(), service: new Set<number>() };
  return {
    add: (what, id) => void deleted[what].add(id),
    tell: () => {
      for (const what of ["server", "service"] as const) {
        if (deleted[what].size === 0) continue;
        // What cannot be told is deleted with everything else of it.
        ask<"let-go">({ kind: "let-go", what, ids: [...deleted[what]] }).catch(() => undefined);
        deleted[what].clear();
      }
    },
  };
}
