import type { Client, ClientConfig } from "pg";
import { readers } from "./values.ts";

/** What one statement may take, in milliseconds: on the server, and until its answer is missed. */
const STATEMENT_MS = 60_000;
const ANSWER_MS = 75_000;
const CONNECT_MS = 5_000;

/** Settings of every connection. Nothing of a session is lost with a pool of connections in between but what `SET` would set. */
export function connectionOptions(address: string, limits: { readonly isUnlimited?: boolean } = {}): ClientConfig {
  return {
    connectionString: address,
    types: readers,
    application_name: "windfire",
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(limits.isUnlimited !== true && { statement_timeout: STATEMENT_MS, query_timeout: ANSWER_MS }),
  };
}

/** The driver, loaded where it is used: a dashboard on SQLite has none of it in memory. */
export async function loadDriver() {
  return (await import("pg")).default;
}

/** A connection of its own. `onLost` hears when it ends by itself, once it was made. */
export async function connect(
  address: string,
  options: { readonly isUnlimited?: boolean; readonly onLost?: (client: Client) => void } = {},
): Promise<Client> {
  const driver = await loadDriver();
  const client = new driver.Client(connectionOptions(address, options));
  // Without a listener the end of an idle connection would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    client.on("end", () => options.onLost?.(client));
    return client;
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
}

/** Ends a connection without waiting for whatever may not answer. */
export function abandon(client: Client): void {
  client.removeAllListeners("end");
  client.end().catch(() => undefined);
  // The far side may be gone: then the goodbye is never answered.
  (client as Client & { readonly connection?: { readonly stream: { destroy(): void } } }).connection?.stream.destroy();
}
