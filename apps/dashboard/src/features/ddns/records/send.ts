import { isIPv6 } from "node:net";
import type { Clock } from "@windfire/kit";
import type { Changes, Queries } from "#platform/database";
import { OutboundError } from "#platform/outbound";
import type { Outbound } from "#platform/outbound";
import type { Message, Outbox, Outcome, Topic } from "#platform/outbox";
import type { DdnsProfile } from "../model.ts";
import { ProviderFailure } from "../providers/provider.ts";
import type { Provider, ProviderCall, RecordName } from "../providers/provider.ts";
import type { ZoneFinder } from "../zone.ts";
import { laneOf, wantedRecords } from "./model.ts";
import type { DdnsRecord, NamedServer, SelectionDeps } from "./model.ts";
import { createPace } from "./pace.ts";
import { recordStore } from "./store.ts";
import { payloadOf, TOPIC } from "./updates.ts";
import type { UpdatePayload } from "./updates.ts";

/** Longer than finding the zone, a pause and three requests take (spec 60 section 5). */
const ATTEMPT_MS = 150_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** Longest reason that is kept, in characters. */
const LONGEST_REASON = 300;

export interface SendDeps {
  readonly clock: Clock;
  readonly profile: SelectionDeps["profile"];
  readonly isAdmin: SelectionDeps["isAdmin"];
  readonly outbound: Pick<Outbound, "send">;
  readonly outbox: Pick<Outbox, "cancel" | "find">;
  readonly server: (id: number) => NamedServer | undefined;
  readonly provider: (name: string) => Provider | undefined;
  readonly findZone: ZoneFinder;
  readonly log: { info(text: string, details?: object): void; warn(text: string, details?: object): void };
}

/** Carries updates to the providers (spec 30 sections 5.4 and 5.5): one profile's one after the other. */
export function createSending(deps: SendDeps): Topic {
  const pace = createPace(deps.clock);
  const isProvider = (name: string): boolean => deps.provider(name) !== undefined;
  /** It may have been edited, moved or switched off since. */
  const isWanted = (profileId: number, { serverId, domain, family }: UpdatePayload): boolean => {
    const server = deps.server(serverId);
    const lane = laneOf({ profileId, domain, family });
    return server !== undefined && wantedRecords(server, { ...deps, isProvider }).some((wanted) => laneOf(wanted) === lane);
  };
  const carryOut = async (profile: DdnsProfile, provider: Provider, update: UpdatePayload, signal: AbortSignal): Promise<void> => {
    const record = await nameRecord(update, deps.findZone, signal);
    const call: ProviderCall = {
      profile,
      record,
      now: () => deps.clock.now(),
      send: (request) => deps.outbound.send({ ...request, signal, trusted: deps.isAdmin(profile.ownerId) }),
    };
    if (update.address === "" && provider.remove === undefined) return;
    await pace(profile.id, provider.pauseMs ?? 0, signal);
    await (update.address === "" ? provider.remove?.(call) : provider.set(call, update.address));
  };
  const attempt = async (message: Message, signal: AbortSignal): Promise<Outcome> => {
    const profile = deps.profile(Number(message.target));
    const update = payloadOf(message);
    const provider = profile && deps.provider(profile.provider);
    if (!profile || !provider || !isWanted(profile.id, update)) return { kind: "cancelled", reason: "not wanted any more" };
    try {
      await carryOut(profile, provider, update, signal);
      return { kind: "delivered" };
    } catch (error) {
      const failure = failed(error, profile);
      const isLast = message.attempts + 1 >= profile.maxRetries;
      return failure.kind === "retry" && isLast ? { kind: "dead", reason: failure.reason } : failure;
    }
  };
  const log = (message: Message, outcome: Outcome): void => {
    const { domain, family, serverId, address } = payloadOf(message);
    const profile = deps.profile(Number(message.target));
    const attempts = `${message.attempts}/${profile?.maxRetries ?? 0}`;
    const details = { profileId: Number(message.target), serverId, domain, family, attempts };
    if (outcome.kind !== "delivered") deps.log.warn(`failed to update a domain: ${domain}. Cause by: ${outcome.reason}`, details);
    else if (address !== "") deps.log.info("a record was published", details);
    else if (profile && deps.provider(profile.provider)?.remove) deps.log.info("a record was deleted", details);
    else deps.log.info("a record stays: its provider deletes none", details);
  };
  /** An address that was replaced while it was on its way is not tried again: the one behind it would wait for that. */
  const giveWay = async (tx: Queries, changes: Changes, { id, lane }: Message): Promise<void> => {
    const waiting = await deps.outbox.find({ topic: TOPIC, lane, states: ["waiting"] }, 2, tx);
    if (waiting.some((other) => other.id > id)) await deps.outbox.cancel(tx, changes, [id], "a newer address is known");
  };
  return {
    name: TOPIC,
    attemptMs: ATTEMPT_MS,
    ownerOf: (target) => String(deps.profile(Number(target))?.ownerId ?? 0),
    retryAfter: (attempts, ageMs) =>
      ageMs >= DAY_MS ? undefined : Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_MS),
    send: attempt,
    async settled(tx, changes, message, outcome) {
      log(message, outcome);
      if (outcome.kind === "retry") await giveWay(tx, changes, message);
      const profile = deps.profile(Number(message.target));
      const deletes = profile !== undefined && deps.provider(profile.provider)?.remove !== undefined;
      await book(tx, message, outcome, { deletes, at: deps.clock.now() });
    },
  };
}

/** The type follows the address itself: agents put what they find where they like. */
async function nameRecord(
  { domain: given, family, address }: UpdatePayload,
  findZone: ZoneFinder,
  signal: AbortSignal,
): Promise<RecordName> {
  const domain = given.replace(/\.$/, "");
  const found = await findZone(domain, signal);
  if (found === undefined) throw new ProviderFailure(`SOA record not found for domain: ${domain}`);
  const isSix = address === "" ? family === "ipv6" : isIPv6(address);
  return { domain, ...found, type: isSix ? "AAAA" : "A" };
}

/** Notes what came of an attempt, unless another message has taken the record over. */
async function book(tx: Queries, message: Message, outcome: Outcome, { deletes, at }: { deletes: boolean; at: number }): Promise<void> {
  const { domain, family, serverId, address } = payloadOf(message);
  const record = await recordStore.find(tx, { profileId: Number(message.target), domain, family });
  // The profile or the server was deleted under way.
  if (record === undefined) return;
  const isNewest = record.address === address && record.serverId === serverId;
  const isKept = address === "" && !deletes;
  const published = outcome.kind === "delivered" && !isKept ? { published: address, publishedAt: at } : {};
  const fate = { attempts: message.attempts, triedAt: at, error: outcome.kind === "delivered" ? "" : outcome.reason };
  await recordStore.save(tx, { ...record, ...published, ...(isNewest ? { ...fate, state: stateAfter(outcome, address, deletes) } : {}) });
}

function stateAfter(outcome: Outcome, address: string, deletes: boolean): DdnsRecord["state"] {
  switch (outcome.kind) {
    case "delivered":
      return address !== "" ? "published" : deletes ? "deleted" : "kept";
    case "retry":
      return "waiting";
    case "dead":
      return "failed";
    case "cancelled":
      return "cancelled";
  }
}

function failed(error: unknown, profile: DdnsProfile): Extract<Outcome, { kind: "retry" | "dead" }> {
  if (error instanceof OutboundError) {
    if (error.failure === "refused" || error.failure === "invalid") return { kind: "dead", reason: error.message };
    return { kind: "retry", reason: error.message, unsure: error.written };
  }
  if (!(error instanceof ProviderFailure)) throw error;
  const reason = withoutSecrets(error.message, profile).slice(0, LONGEST_REASON);
  if (error.final) return { kind: "dead", reason };
  return { kind: "retry", reason, ...(error.afterMs === undefined ? {} : { afterMs: error.afterMs }) };
}

/** A service may say what it was sent. */
function withoutSecrets(text: string, { accessId, accessSecret }: DdnsProfile): string {
  return [accessSecret, accessId].filter((secret) => secret !== "").reduce((left, secret) => left.replaceAll(secret, "•••"), text);
}
