import type { Authorities } from "../link/index.ts";

let known: readonly string[] | undefined;

/** The authorities that this machine's owner trusts, and those that come with the runtime, for machines that have none. */
export const authorities: Authorities = async () => {
  const { getCACertificates } = await import("node:tls");
  known ??= [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  return known;
};
