import { createContext, use } from "react";

/** Where the public half is, and the way elsewhere. */
export interface PublicRouter {
  readonly path: string;
  /** The `$id` of the address; "" where there is none. */
  readonly id: string;
  go(to: string): void;
  /** Loads what a page needs, before somebody goes there. */
  prepare(path: string): void;
}

export const RouterContext = createContext<PublicRouter | undefined>(undefined);

/** Within the pages of the public half. */
export function useRouter(): PublicRouter {
  const router = use(RouterContext);
  if (router === undefined) throw new Error("RouterContext is missing");
  return router;
}

/** Opens another page of the public half. */
export function useGo(): (to: string) => void {
  return useRouter().go;
}

/** The `$id` of the address. */
export function usePathId(): string {
  return useRouter().id;
}

/** Whether the address is at or below a path. */
export function useIsBelow(path: string): boolean {
  return useRouter().path.startsWith(path);
}
