import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type SearchParams = Readonly<Record<string, string>>;

/** Plain `a=b` addresses, as people write them: every value is a text. */
export function parseSearch(text: string): SearchParams {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(params: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (typeof value === "string" && value !== "") query.set(key, value);
  const text = query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}

/** The address is the state: reads parameters and changes some of them; "" removes one. Changes replace the entry of the history. */
export function useSearchState(): [SearchParams, (change: SearchParams, options?: { push?: boolean }) => void] {
  const search: SearchParams = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (next: SearchParams, options: { push?: boolean } = {}) => {
      void navigate({
        to: ".",
        search: (before: SearchParams) => Object.fromEntries(Object.entries({ ...before, ...next }).filter(([, value]) => value !== "")),
        replace: options.push !== true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}

/** One of the allowed values, else the first that stands for "not chosen". */
export function oneOf<V extends string>(value: string | undefined, allowed: readonly V[]): V | undefined {
  return allowed.find((candidate) => candidate === value);
}
