import { canManage } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database, Queries } from "#platform/database";
import type { Sealing } from "#platform/sealing";
import { kindNamed } from "../channels/registry.ts";
import type { ChannelKind } from "../channels/kind.ts";
import type { Deliveries } from "../delivery/deliveries.ts";
import type { Notice } from "../delivery/notice.ts";
import type { Spoken } from "../delivery/speak.ts";
import { kindOf } from "../model.ts";
import type { Channel } from "../model.ts";
import { channelKind, channelStore } from "../store.ts";
import type { ChannelRecords } from "../store.ts";
import { optionsOf } from "./options.ts";
import type { StoredOptions } from "./options.ts";
import { fingerprint, plainWebhook } from "./projection.ts";
import { openSecrets, sealSettings, spokenOf } from "./sealed-settings.ts";
import { mergeSettings, splitSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

const KIND = channelKind.name;

/** A form; what is left out stays as it is. */
export interface TypedForm {
  readonly name?: string | undefined;
  readonly kind?: string | undefined;
  readonly settings?: Settings | undefined;
  readonly options?: StoredOptions | undefined;
  readonly humanUnits?: boolean | undefined;
}

export interface TypedDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly channels: ChannelRecords;
  readonly deliveries: Pick<Deliveries, "reviveChannel">;
  readonly sealing: Sealing;
  readonly now: () => number;
  readonly site: () => string;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly testNotice: () => Notice;
  readonly sendNow: (channel: Spoken, notice: Notice) => Promise<void>;
}

/** What a form makes of a channel. */
interface Wanted {
  readonly name: string;
  readonly typed: { readonly kind: ChannelKind; readonly settings: Settings } | undefined;
  readonly options: StoredOptions;
  readonly humanUnits: boolean;
}

/** What a caller may do with channels by their kind (ours; the compatible calls are beside it). */
export function createTypedChannels(deps: TypedDeps) {
  const { audit, channels, database, sealing, now } = deps;
  /** Who may not manage a channel does not learn that it is there. */
  const mine = (caller: Caller, id: number, channel: Channel | undefined): Channel => {
    if (channel === undefined || !canManage(caller, channel)) throw refuse("notification id %d does not exist", id);
    return channel;
  };
  const wanted = (stored: Channel | undefined, form: TypedForm): Wanted => {
    const before = stored === undefined ? "" : kindOf(stored);
    const kind = kindCalled(form.kind ?? before);
    const options = { ...stored?.options, ...form.options };
    const name = form.name ?? stored?.name ?? "";
    const humanUnits = form.humanUnits ?? stored?.formatMetricUnits ?? true;
    if (kind === undefined) {
      if (Object.keys(form.settings ?? {}).length > 0) throw refuseText("kind: must be named where there are settings");
      if (stored === undefined) throw refuseText("kind: must not be empty");
      return { name, typed: undefined, options, humanUnits };
    }
    const known = stored?.typed?.kind === kind.kind ? stored.typed : undefined;
    const secrets = known && stored ? openSecrets(sealing, stored.id, known) : undefined;
    const settings = mergeSettings(kind, known && { ...known.settings, ...secrets }, form.settings ?? known?.settings ?? {});
    return { name, typed: { kind, settings }, options, humanUnits };
  };
  const test = async (ownerId: number, { typed, options, humanUnits }: Wanted): Promise<void> => {
    if (typed === undefined) return;
    await deps.sendNow({ ownerId, options: optionsOf(options, typed.kind), by: { ...typed, humanUnits } }, deps.testNotice());
  };
  /** The row that other programs know, and beside it what ours knows. */
  const write = async (tx: Queries, id: number, { name, typed, options, humanUnits }: Wanted, row: Channel | undefined): Promise<void> => {
    if (typed !== undefined) {
      const columns = plainWebhook(typed.kind, typed.settings, { derive: sealing.derive, site: deps.site() });
      await channelStore.update(tx, id, { name, ...columns, formatMetricUnits: humanUnits }, now());
      const stored = sealSettings(sealing, id, typed.kind, typed.settings);
      await channelStore.putTyped(tx, id, { kind: typed.kind.kind, ...stored, projection: fingerprint(columns) });
    } else if (row !== undefined) await channelStore.update(tx, id, { ...row, name, formatMetricUnits: humanUnits }, now());
    await channelStore.putOptions(tx, id, options);
  };
  return {
    async create(caller: Caller, user: User, form: TypedForm, skipCheck: boolean): Promise<number> {
      deps.requireRoom(user, channels.by("owner", user.id).length);
      const to = wanted(undefined, form);
      if (!skipCheck) await test(user.id, to);
      return database.change(async (tx, changes) => {
        deps.requireRoom(user, channels.by("owner", user.id).length);
        const id = await channelStore.insert(tx, user.id, EMPTY_ROW, now());
        await write(tx, id, to, undefined);
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "notification.create", kind: KIND, key: id, to: auditable(to) });
        return id;
      });
    },
    /** Dead messages of the last day are tried again with what was saved. */
    async update(caller: Caller, id: number, form: TypedForm, skipCheck: boolean): Promise<void> {
      const seen = mine(caller, id, channels.get(id));
      if (!skipCheck) await test(seen.ownerId, wanted(seen, form));
      await database.change(async (tx, changes) => {
        // Somebody may have changed or deleted the channel while the test was under way.
        const stored = mine(caller, id, await channelStore.find(tx, id));
        const to = wanted(stored, form);
        await write(tx, id, to, stored);
        changes.put(KIND, id);
        await deps.deliveries.reviveChannel(tx, changes, id);
        const { name, options, formatMetricUnits } = stored;
        const from = { name, kind: kindOf(stored), ...stored.typed?.settings, ...options, humanUnits: formatMetricUnits ?? false };
        await audit.write(tx, { actor: actorOf(caller), action: "notification.update", kind: KIND, key: id, from, to: auditable(to) });
      });
    },
    /** Sends a test through a form, or through a channel as it would be after it; nothing is saved. */
    async test(caller: Caller, user: User, id: number | undefined, form: TypedForm): Promise<void> {
      const stored = id === undefined ? undefined : mine(caller, id, channels.get(id));
      const to = wanted(stored, form);
      if (to.typed === undefined && stored !== undefined) await deps.sendNow(spokenOf(sealing, stored), deps.testNotice());
      else await test(stored?.ownerId ?? user.id, to);
    },
    /** Which secrets a channel has; none when they cannot be opened. */
    secretsOf(channel: Channel): string[] {
      const secrets = channel.typed && openSecrets(sealing, channel.id, channel.typed);
      return Object.entries(secrets ?? {})
        .filter(([, value]) => value !== "")
        .map(([name]) => name);
    },
  };
}

export type TypedChannels = ReturnType<typeof createTypedChannels>;

/** Replaced in the same transaction. */
const EMPTY_ROW = {
  name: "",
  url: "",
  requestMethod: 1,
  requestType: 1,
  requestHeader: "",
  requestBody: "",
  verifyTls: true,
  formatMetricUnits: true,
} as const;

function kindCalled(name: string): ChannelKind | undefined {
  if (name === "") return undefined;
  const kind = kindNamed(name);
  if (kind === undefined) throw refuseText(`kind: there is no kind of channel ${JSON.stringify(name.slice(0, 40))}`);
  return kind;
}

/** What the audit log may hold: of secrets nothing. */
function auditable({ name, typed, options, humanUnits }: Wanted): object {
  const shown = typed === undefined ? { kind: "" } : { kind: typed.kind.kind, ...splitSettings(typed.kind, typed.settings).open };
  return { name, ...shown, ...options, humanUnits };
}
