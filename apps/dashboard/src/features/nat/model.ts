/** A host name whose requests are tunnelled to an address that an agent dials (spec 11 section 11). */
export interface NatProfile {
  readonly id: number;
  readonly ownerId: number;
  readonly enabled: boolean;
  readonly name: string;
  readonly serverId: number;
  /** `host:port` on the agent's side. */
  readonly host: string;
  /** Value of the request's `Host`, compared without regard to case and one trailing dot; the port belongs to it. */
  readonly domain: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type NatSettings = Pick<NatProfile, "enabled" | "name" | "serverId" | "host" | "domain">;

/** What somebody wants saved. */
export interface NatForm extends NatSettings {
  /** The domain again, where it is one that agents use. */
  readonly confirmDomain: string;
}

/** Whether requests that were let in by one row would be by the other, and go the same way. */
export function leadsTheSameWay(before: NatProfile, after: NatProfile | undefined): boolean {
  if (after === undefined || !after.enabled) return false;
  const { ownerId, serverId, host, domain } = after;
  return before.ownerId === ownerId && before.serverId === serverId && before.host === host && before.domain === domain;
}
