import type { Played } from "../played.ts";
import { DOMAINS } from "../name-service.ts";
import type { Stored } from "./stored.ts";

const FAMILIES = [
  ["ipv4", "A"],
  ["ipv6", "AAAA"],
] as const;
/** Servers and the profile that keeps their name; the webhook of the first one deletes nothing. */
const NAMED = [
  { serverId: 1, profileId: 1, deletes: false },
  { serverId: 2, profileId: 2, deletes: true },
  { serverId: 4, profileId: 3, deletes: true },
];

/** In the end names hold the last addresses of their servers, each family its own, and the dashboard knows what they hold. */
export function judgeNames({ agents, names }: Played, { records }: Stored): string[] {
  const findings = [...names.wrong];
  for (const { serverId, profileId, deletes } of NAMED) {
    const address = agents.addresses.get(serverId);
    const domain = DOMAINS[profileId - 1] ?? "";
    for (const [family, type] of FAMILIES) {
      const wanted = address?.[family] ?? "";
      const held = names.records.get(`${type} ${domain}`) ?? "";
      const known = records.find((record) => record.profile_id === profileId && record.domain === domain && record.family === family);
      const isKept = wanted === "" && !deletes;
      if (address && held !== wanted && !isKept)
        findings.push(`${type} ${domain} holds ${held || "nothing"} instead of ${wanted || "nothing"}`);
      // What cannot be deleted may be newer than what was heard of last.
      if (known && !isKept && known.published !== held)
        findings.push(`${type} ${domain} holds ${held || "nothing"}, and ${known.published || "nothing"} is booked`);
      if (held !== "" && !isOf(serverId, held)) findings.push(`${domain} holds ${held}, another server's`);
    }
  }
  return findings;
}

/** As the run gives out addresses. */
function isOf(serverId: number, address: string): boolean {
  const [, last] = /^203\.0\.113\.(\d+)$/.exec(address) ?? [];
  return last === undefined ? address.startsWith(`2001:db8:${serverId}::`) : Math.floor(Number(last) / 50) === serverId;
}
