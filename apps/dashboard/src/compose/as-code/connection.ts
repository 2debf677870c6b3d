import { readFile } from "node:fs/promises";
import { CommandEnd } from "../../command-line.ts";
import { createApiClient } from "./client.ts";
import type { ApiClient } from "./client.ts";

/** How commands find the dashboard and show who asks. */
export const CONNECTION_USAGE = `[-url http://127.0.0.1:8008] [-token-file file]
The access token of an administrator comes from the file, or from the variable WINDFIRE_TOKEN.`;
export const CONNECTION_OPTIONS = { url: { type: "string" }, "token-file": { type: "string" } } as const;

const DEFAULT_URL = "http://127.0.0.1:8008";

/** @throws {CommandEnd} without a token */
export async function connect(
  { text }: { readonly text: (name: string) => string | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Promise<ApiClient> {
  const file = text("token-file");
  const token = file === undefined ? env["WINDFIRE_TOKEN"] : (await readFile(file, "utf8")).trim();
  if (token === undefined || token === "")
    throw new CommandEnd(2, "an access token is needed: -token-file file, or the variable WINDFIRE_TOKEN");
  return createApiClient(text("url") ?? env["WINDFIRE_URL"] ?? DEFAULT_URL, token);
}
