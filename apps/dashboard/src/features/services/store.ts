import type { ReachedThrough } from "@windfire/api";
import type { Selectable } from "kysely";
import { readFlag, readIdFlags, readIdList, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { Kept, Queries, ServicesTable } from "#platform/database";
import { byDisplayOrder, isServiceType, mergeOptions } from "./model.ts";
import type { Service, ServiceOptions, ServiceSettings } from "./model.ts";

/** A row with its options; they are null where nothing was said. */
type Row = Selectable<ServicesTable> & { readonly options: string | null };

function fromRow(row: Row): Service {
  const flags = readIdFlags(row.skip_servers_raw);
  return {
    id: row.id,
    ownerId: readNumber(row.user_id),
    name: readText(row.name),
    type: readNumber(row.type),
    target: readText(row.target),
    duration: readNumber(row.duration),
    displayIndex: readNumber(row.display_index),
    notify: readFlag(row.notify),
    notificationGroupId: readNumber(row.notification_group_id),
    cover: readNumber(row.cover),
    skipServers: flags && Object.fromEntries(flags),
    enableTriggerTask: readFlag(row.enable_trigger_task),
    hideForGuest: readFlag(row.hide_for_guest),
    failTriggerTasks: readIdList(row.fail_trigger_tasks_raw),
    recoverTriggerTasks: readIdList(row.recover_trigger_tasks_raw),
    minLatency: readNumber(row.min_latency),
    maxLatency: readNumber(row.max_latency),
    latencyNotify: readFlag(row.latency_notify),
    // Only we write it.
    options: row.options === null ? {} : (JSON.parse(row.options) as ServiceOptions),
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

/** The columns that name other rows. */
function referenceColumns(settings: Pick<Service, "skipServers" | "failTriggerTasks" | "recoverTriggerTasks" | "notificationGroupId">) {
  return {
    skip_servers_raw: JSON.stringify(settings.skipServers),
    fail_trigger_tasks_raw: JSON.stringify(settings.failTriggerTasks),
    recover_trigger_tasks_raw: JSON.stringify(settings.recoverTriggerTasks),
    notification_group_id: settings.notificationGroupId,
  };
}

function columns(settings: ServiceSettings) {
  return {
    name: settings.name,
    type: settings.type,
    target: settings.target,
    duration: settings.duration,
    display_index: settings.displayIndex,
    notify: writeFlag(settings.notify),
    cover: settings.cover,
    enable_trigger_task: writeFlag(settings.enableTriggerTask),
    hide_for_guest: writeFlag(settings.hideForGuest),
    min_latency: settings.minLatency,
    max_latency: settings.maxLatency,
    latency_notify: writeFlag(settings.latencyNotify),
    ...referenceColumns(settings),
  };
}

/** All services that can be probed, in display order. Rows of a type that is none are left out (spec 30 section 1.2). */
export type ServiceRecords = Kept<number, Service, (typeof serviceKind)["indexes"]>;

export const serviceKind = {
  name: "service",
  keyOf: (service: Service): number => service.id,
  order: byDisplayOrder,
  indexes: { owner: (service: Service): number => service.ownerId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Service[]> =>
    (await serviceStore.load(queries, ids)).filter((service) => isServiceType(service.type)),
};

/** SQL of table `services` (spec 41 section 10.6). `at` is Unix milliseconds. */
export const serviceStore = {
  /** Also rows of a type that is none. */
  async load(queries: Queries, ids?: readonly number[]): Promise<Service[]> {
    const query = queries
      .selectFrom("services")
      .leftJoin("wf_service_options as ours", "ours.service_id", "services.id")
      .selectAll("services")
      .select("ours.options")
      .orderBy("services.id");
    return (await (ids ? query.where("services.id", "in", ids) : query).execute()).map(fromRow);
  },
  async find(queries: Queries, id: number): Promise<Service | undefined> {
    return (await serviceKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, settings: ServiceSettings, at: number): Promise<number> {
    const time = writeTime(at);
    const { id } = await tx
      .insertInto("services")
      .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
      .returning("id")
      .executeTakeFirstOrThrow();
    await putOptions(tx, id, mergeOptions({}, settings.options));
    return id;
  },
  async update(tx: Queries, stored: Service, settings: ServiceSettings, at: number): Promise<void> {
    await tx
      .updateTable("services")
      .set({ updated_at: writeTime(at), ...columns(settings) })
      .where("id", "=", stored.id)
      .execute();
    await putOptions(tx, stored.id, mergeOptions(stored.options, settings.options));
  },
  /** What services are reached through, by id. */
  async paths(tx: Queries): Promise<Map<number, ReachedThrough>> {
    return new Map((await withPaths(tx)).map(([id, { reachedThrough }]) => [id, reachedThrough]));
  },
  /** Takes paths through what is gone away; ids of the services that had one. */
  async forgetPaths(tx: Queries, kind: ReachedThrough["kind"], gone: readonly number[]): Promise<number[]> {
    const cut = (await withPaths(tx)).filter(([, { reachedThrough }]) => reachedThrough.kind === kind && gone.includes(reachedThrough.id));
    for (const [id, options] of cut) await putOptions(tx, id, mergeOptions(options, { reachedThrough: null }));
    return cut.map(([id]) => id);
  },
  /** Removes what is stored of services that somebody else deleted. */
  async sweep(tx: Queries): Promise<void> {
    for (const table of ["wf_service_options", "wf_service_days", "wf_service_halves"] as const)
      await tx.deleteFrom(table).where("service_id", "not in", tx.selectFrom("services").select("id")).execute();
  },
  /** What there is to write of services, without those that were deleted meanwhile: they leave nothing behind. */
  async ofExisting<T extends { readonly serviceId: number }>(tx: Queries, entries: readonly T[]): Promise<readonly T[]> {
    const ids = entries.map(({ serviceId }) => serviceId);
    const rows = await tx.selectFrom("services").select("id").where("id", "in", ids).execute();
    const found = new Set(rows.map((row) => row.id));
    return entries.filter(({ serviceId }) => found.has(serviceId));
  },
  /** Writes what a deletion elsewhere left of a service's references; it is no edit, so the time of the last one stays. */
  async setReferences(tx: Queries, service: Service): Promise<void> {
    await tx.updateTable("services").set(referenceColumns(service)).where("id", "=", service.id).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("services").where("id", "in", ids).execute();
    await tx.deleteFrom("wf_service_options").where("service_id", "in", ids).execute();
  },
};

async function withPaths(tx: Queries): Promise<(readonly [number, ServiceOptions & Required<Pick<ServiceOptions, "reachedThrough">>])[]> {
  const all = await tx.selectFrom("wf_service_options").selectAll().execute();
  return all.flatMap(({ service_id: id, options }) => {
    const read = JSON.parse(options) as ServiceOptions;
    const { reachedThrough } = read;
    return reachedThrough === undefined ? [] : [[id, { ...read, reachedThrough }] as const];
  });
}

async function putOptions(tx: Queries, id: number, stored: ServiceOptions): Promise<void> {
  const options = JSON.stringify(stored);
  await tx
    .insertInto("wf_service_options")
    .values({ service_id: id, options })
    .onConflict((conflict) => conflict.column("service_id").doUpdateSet({ options }))
    .execute();
}
