import { createContext, use } from "react";

export type SearchParams = Readonly<Record<string, string>>;

/** Sets parameters; "" removes one. Replaces the entry of the history unless `push` is set; `typed`: the address may follow a moment later. */
export type ChangeSearch = (change: SearchParams, options?: { readonly push?: boolean; readonly typed?: boolean }) => void;

export interface Navigation {
  readonly search: SearchParams;
  readonly change: ChangeSearch;
}

/** Each half has a router of its own; features only see this. */
export const NavigationContext = createContext<Navigation | undefined>(undefined);

/** The address is the state: what it says, and how to change it. */
export function useSearchState(): [SearchParams, ChangeSearch] {
  const navigation = use(NavigationContext);
  if (navigation === undefined) throw new Error("NavigationContext is missing");
  return [navigation.search, navigation.change];
}

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

/** Parameters after a change, without empty ones. */
export function changedSearch(before: SearchParams, change: SearchParams): SearchParams {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ""));
}

/** The allowed value that it is; `undefined` for any other. */
export function oneOf<V extends string>(value: string | undefined, allowed: readonly V[]): V | undefined {
  return allowed.find((candidate) => candidate === value);
}

/** The text of a positive whole number, such as an id; `undefined` for any other. */
export function wholeNumber(value: string | undefined): string | undefined {
  return value !== undefined && /^[1-9]\d{0,15}$/.test(value) ? value : undefined;
}

/** What a query says, without the parts that nobody chose. */
export function chosenParts(query: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
