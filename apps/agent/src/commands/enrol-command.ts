import type { ConfigStore, Outcome } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";
import { faultText } from "../fault.ts";
import { parseDashboardAddress } from "./enrol-address.ts";

/** An answer of the dashboard. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Sends JSON; follows nothing. @throws Error with the reason */
export type PostJson = (address: string, body: unknown, isVerified: boolean) => Promise<Reply>;

export interface EnrolDeps {
  readonly store: Pick<ConfigStore, "read" | "replace">;
  readonly configPath: string;
  readonly post: PostJson;
  readonly newUuid: () => string;
  /** What makes the agent with this configuration a service. */
  readonly serviceCommand: string;
  readonly print: (line: string) => void;
}

interface Credential {
  readonly secret: string;
  readonly serverId: number;
}

/** What a dashboard says is printed, so it has to be short and plain. */
const MAX_REASON = 300;

/**
 * `windfire agent enrol <address> <code>`: exchanges a one-time code for a credential of this host alone and writes it into the
 * configuration, with the dashboard's address. Everything else in the file stays, what this host permits above all.
 */
export async function runEnrolCommand(
  { store, configPath, post, newUuid, serviceCommand, print }: EnrolDeps,
  address: string,
  code: string,
): Promise<Outcome<undefined>> {
  const dashboard = parseDashboardAddress(address);
  if (!dashboard.ok) return dashboard;
  const present = await store.read();
  if (!present.ok) return fail(`${configPath}: ${present.error}`);
  const { origin, server, tls, isLoopback } = dashboard.value;
  if (!tls && !isLoopback) print("warning: without TLS whoever is between here and the dashboard can read the code and the credential");
  const uuid = present.value.uuid === "" ? newUuid() : present.value.uuid;
  const credential = await exchange(() => post(`${origin}/api/v1/enrol`, { code, uuid }, !present.value.insecure_tls), origin);
  if (!credential.ok) return credential;
  const saved = await store.replace({ ...present.value, server, tls, client_secret: credential.value.secret, uuid });
  if (!saved.ok) return fail(`enrolled, but ${configPath} cannot be written: ${saved.error}; mend that and use another code`);
  print(`enrolled as server ${credential.value.serverId}; the credential is in ${configPath}`);
  print(`next: ${serviceCommand} install, or restart where it runs already`);
  return succeed(undefined);
}

async function exchange(ask: () => Promise<Reply>, origin: string): Promise<Outcome<Credential>> {
  try {
    const { status, text } = await ask();
    const answer = parse(text);
    const data = answer?.["data"];
    if (
      isRecord(data) &&
      typeof data["client_secret"] === "string" &&
      data["client_secret"] !== "" &&
      Number.isSafeInteger(data["server_id"])
    )
      return succeed({ secret: data["client_secret"], serverId: Number(data["server_id"]) });
    const reason = answer?.["error"];
    return fail(`${origin} answers ${typeof reason === "string" ? plain(reason) : `${status}: no dashboard that enrols hosts`}`);
  } catch (error) {
    return fail(`${origin}: ${faultText(error)}`);
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ").slice(0, MAX_REASON);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
