import { fail, succeed } from "../config/model.ts";
import type { Outcome } from "../config/model.ts";
import type { UpdateSource } from "./updater.ts";

/** `update:` of the configuration file, which no order can change. Undefined: updates are off. */
export function readUpdateSource(values: unknown): Outcome<UpdateSource | undefined> {
  const entry: unknown = typeof values === "object" && values !== null && "update" in values ? values.update : undefined;
  if (entry === undefined || entry === null) return succeed(undefined);
  const { manifest, key } = Object(entry) as Readonly<Record<string, unknown>>;
  if (typeof manifest !== "string" || !URL.canParse(manifest) || !isAllowed(new URL(manifest))) {
    return fail("update: manifest must be an https:// address (http:// on this machine alone)");
  }
  if (typeof key !== "string" || Buffer.from(key, "base64").length !== 32)
    return fail("update: key must be an Ed25519 public key in base64");
  return succeed({ manifest, key });
}

function isAllowed({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}
