import { createContext, use } from "react";

/** What a server said of one field of a form: `path` is the field as the server calls it ("slug", "plan.from"). */
export interface Refusal {
  readonly path: string;
  readonly text: string;
}

/** Of the form around; `undefined` while nothing was refused. */
export const RefusalContext = createContext<Refusal | undefined>(undefined);

/** What the form around was told of the field that the server calls `name`. */
export function useRefusalOf(name: string | undefined): string | undefined {
  const refusal = use(RefusalContext);
  return name !== undefined && refusal?.path === name ? refusal.text : undefined;
}
