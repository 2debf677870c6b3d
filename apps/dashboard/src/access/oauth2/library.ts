import type * as Library from "oauth4webapi";

/** The client library, loaded when somebody first signs in through a provider: where nobody does it costs nothing. */
export async function library(): Promise<typeof Library> {
  return import("oauth4webapi");
}
