import type { Addresses } from "../collect/index.ts";
import { runProgram } from "./run-program.ts";

/** Sub-command of this program that looks the addresses up and prints them. */
export const FIND_ADDRESSES_COMMAND = "find-addresses";

const TIMEOUT_MS = 60_000;

/**
 * Looks the addresses up in a process of its own that is gone afterwards: what HTTPS needs in memory would otherwise be a
 * third of the agent, for two requests in half an hour.
 * @param entry the file this program was started from
 */
export async function findAddressesApart(entry: string, pages: readonly string[], signal: AbortSignal): Promise<Addresses> {
  const output = await runProgram(process.execPath, [...process.execArgv, entry, FIND_ADDRESSES_COMMAND, ...pages], {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  const found: unknown = JSON.parse(output);
  if (typeof found !== "object" || found === null) throw new Error("no addresses in the answer");
  return { ipv4: textMember(found, "ipv4"), ipv6: textMember(found, "ipv6") };
}

function textMember(found: object, name: "ipv4" | "ipv6"): string {
  const value: unknown = Reflect.get(found, name);
  return typeof value === "string" ? value : "";
}
