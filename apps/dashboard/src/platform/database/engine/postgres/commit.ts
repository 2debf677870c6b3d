import type { Client } from "pg";
import { connect, abandon } from "./connect.ts";

/** How often, and how long apart in milliseconds, the engine is asked what became of a commit. */
const QUESTIONS = 6;
const PAUSE_MS = 500;

/**
 * What became of a commit whose answer was lost with the connection: whoever made it has to know whether to do it again. `unknown`: the
 * engine does not answer.
 */
export async function outcomeOf(
  address: string,
  xid: string,
  wait: (ms: number) => Promise<void>,
): Promise<"committed" | "aborted" | "unknown"> {
  for (let asked = 0; asked < QUESTIONS; asked++) {
    let client: Client | undefined;
    try {
      client = await connect(address);
      const { rows } = await client.query<{ status: string | null }>("SELECT pg_xact_status($1::text::xid8) AS status", [xid]);
      const status = rows[0]?.status ?? "aborted";
      if (status !== "in progress") return status === "committed" ? "committed" : "aborted";
    } catch (error) {
      // A number that the engine has not come to yet: the crash took all of it.
      if (error instanceof Error && "code" in error && error.code === "22023") return "aborted";
    } finally {
      if (client !== undefined) abandon(client);
    }
    await wait(PAUSE_MS);
  }
  return "unknown";
}
