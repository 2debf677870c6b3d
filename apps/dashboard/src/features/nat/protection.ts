import { parseDomain } from "./domain.ts";
import type { NatProfile } from "./model.ts";
import type { SeenBy } from "./seen-hosts.ts";

export interface ProtectionDeps {
  /** Whether a setting names a host as the dashboard's. */
  readonly isReservedHost: (host: string) => boolean;
  readonly seenBy: (host: string) => SeenBy | undefined;
  /** Administrators, and rows of the global agent secret. */
  readonly ownsEverything: (userId: number) => boolean;
}

/** Why a host is the dashboard's own (spec 30 section 6.1). */
export type HostClass = "configured" | "literal" | SeenBy;

/** Which hosts no tunnel may have (GHSA-x6fg-52vr-hj4w). The settings alone do not name every address that people use. */
export function createProtection(deps: ProtectionDeps) {
  const classOf = (domain: string): HostClass | undefined => {
    if (deps.isReservedHost(domain)) return "configured";
    const parsed = parseDomain(domain);
    if (parsed === undefined) return undefined;
    return parsed.isLiteral ? "literal" : deps.seenBy(parsed.host);
  };
  return {
    classOf,
    /** Why requests for a tunnel's domain go to the dashboard instead; undefined when they do not. */
    blocked({ domain, ownerId }: NatProfile): string | undefined {
      switch (classOf(domain)) {
        case "configured":
        case "literal":
          return "reserved";
        case "session":
          return "used by this dashboard";
        // Administrators had to type the name again to get it.
        case "agent":
          return deps.ownsEverything(ownerId) ? undefined : "used by this dashboard";
        case undefined:
          return parseDomain(domain) === undefined ? "not a host name" : undefined;
      }
    },
  };
}

export type Protection = ReturnType<typeof createProtection>;
