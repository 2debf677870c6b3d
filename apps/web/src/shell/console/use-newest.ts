import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useLayoutEffect, useRef } from "react";

/** Reads a route anew wherever it is shown. Afterwards the page shows the answer; a refusal leaves what was read before. */
export function useReadAnew(): (path: string) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (path) => {
      await client.refetchQueries({ queryKey: [path], type: "active" });
      // The cache tells its readers by a timer of no length: after one of our own they have been told.
      await new Promise((told) => setTimeout(told, 0));
    },
    [client],
  );
}

/** A value as it was at the last render, for what goes on after waiting. */
export function useNewest<T>(value: T): { readonly current: T } {
  const newest = useRef(value);
  useLayoutEffect(() => {
    newest.current = value;
  });
  return newest;
}
