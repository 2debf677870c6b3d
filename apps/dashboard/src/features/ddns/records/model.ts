import type { DdnsProfile } from "../model.ts";

/** Of a server: its slot in the address an agent reports. */
export const FAMILIES = ["ipv4", "ipv6"] as const;
export type Family = (typeof FAMILIES)[number];

/** A server as far as records are concerned. */
export interface NamedServer {
  readonly id: number;
  readonly settings: {
    readonly ownerId: number;
    readonly enableDdns: boolean;
    readonly ddnsProfiles: readonly number[];
    /** By profile id; used instead of the profile's domains where not empty. */
    readonly overrideDdnsDomains: Readonly<Record<string, readonly string[]>>;
  };
  readonly address: Readonly<Record<Family, string>>;
}

/** A record that a server keeps through a profile. */
export interface WantedRecord {
  readonly profileId: number;
  readonly domain: string;
  readonly family: Family;
}

/**
 * - `waiting`: to be sent, or sent again.
 * - `published`, `deleted`: the service did it.
 * - `kept`: to be deleted, which the service cannot do.
 * - `failed`: given up until the address changes, the server is saved, or the hourly round.
 * - `cancelled`: not wanted any more when its turn came.
 */
export const RECORD_STATES = ["waiting", "published", "deleted", "kept", "failed", "cancelled"] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** What became of a record. Times in Unix milliseconds, 0 for never. */
export interface DdnsRecord extends WantedRecord {
  readonly serverId: number;
  /** What it is to hold; "": it is to be gone. */
  readonly address: string;
  /** What it holds, as far as we know; "": nothing of ours. */
  readonly published: string;
  readonly publishedAt: number;
  readonly state: RecordState;
  /** Of the last message. */
  readonly attempts: number;
  readonly triedAt: number;
  /** Why the last attempt failed; never holds a secret. */
  readonly error: string;
}

/** Records of one server and profile; further domains are left out, and the log says so. */
export const MOST_RECORDS = 400;

/** Records in a lane follow each other: an older address never overtakes a newer one. */
export function laneOf({ profileId, family, domain }: WantedRecord): string {
  return `ddns ${profileId} ${family} ${domain}`;
}

export interface SelectionDeps {
  readonly profile: (id: number) => DdnsProfile | undefined;
  /** A real administrator: nobody (user 0) is none. */
  readonly isAdmin: (userId: number) => boolean;
  /** Hears why a profile is left out. */
  readonly skipped?: (reason: string, profileId: number) => void;
  readonly isProvider: (name: string) => boolean;
}

/** The records a server keeps (spec 30 section 5.3): a profile that cannot be used is left out, the others count. */
export function wantedRecords({ settings }: Pick<NamedServer, "settings">, deps: SelectionDeps): WantedRecord[] {
  if (!settings.enableDdns) return [];
  return [...new Set(settings.ddnsProfiles)].flatMap((id) => {
    const skip = (reason: string): [] => {
      deps.skipped?.(reason, id);
      return [];
    };
    const profile = deps.profile(id);
    if (profile === undefined) return skip(`cannot find DDNS profile ${id}`);
    if (profile.ownerId !== settings.ownerId && !deps.isAdmin(profile.ownerId)) return skip("the profile is somebody else's");
    if (!deps.isProvider(profile.provider)) return skip(`cannot find DDNS provider ${profile.provider}`);
    const records = recordsOf(profile, settings.overrideDdnsDomains[String(id)] ?? []);
    if (records.length > MOST_RECORDS) deps.skipped?.(`only the first ${MOST_RECORDS} records are kept up`, id);
    return records.slice(0, MOST_RECORDS);
  });
}

function recordsOf(profile: DdnsProfile, override: readonly string[]): WantedRecord[] {
  const domains = new Set((override.length > 0 ? override : (profile.domains ?? [])).filter((domain) => domain !== ""));
  const families = FAMILIES.filter((family) => (family === "ipv4" ? profile.enableIpv4 : profile.enableIpv6));
  return [...domains].flatMap((domain) => families.map((family) => ({ profileId: profile.id, domain, family })));
}

/** A message of a record that has not come to an end. */
export interface PendingUpdate {
  readonly id: number;
  readonly isSending: boolean;
  readonly attempts: number;
  readonly address: string;
}

/**
 * What is done about a record that is to hold `address` ("": none): messages that are overtaken are cancelled, and one is added unless
 * the record is known to hold it. `again` sends it even then.
 */
export function decide(
  address: string,
  record: Pick<DdnsRecord, "address" | "state"> | undefined,
  pending: readonly PendingUpdate[],
  again: boolean,
): { readonly cancel: readonly number[]; readonly add: boolean } {
  const last = pending.at(-1);
  if (last?.address === address && !(again && !last.isSending)) return { cancel: [], add: false };
  const overtaken = pending.filter(({ isSending }) => !isSending);
  const cancel = overtaken.map(({ id }) => id);
  // An attempt that failed may have arrived all the same.
  const mayDiffer = pending.some(({ isSending, attempts }) => isSending || attempts > 0);
  const holds = record?.address === address && (record.state === "published" || record.state === "deleted" || record.state === "kept");
  return { cancel, add: again || mayDiffer || !holds };
}
