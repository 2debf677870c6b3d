import type { ReachedThrough } from "@windfire/api";
import type { Queries } from "#platform/database";
import type { Server } from "./model.ts";

/** Options of ours, as they are stored. */
type StoredOptions = Pick<Server, "reachedThrough"> & Partial<Pick<Server, "tags">>;

/** Left out they stay what they are. */
export interface GivenOptions {
  /** null: none. */
  readonly reachedThrough?: ReachedThrough | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

export function readOptions(options: string | null | undefined): StoredOptions {
  // Only we write it.
  return typeof options === "string" ? (JSON.parse(options) as StoredOptions) : {};
}

/** SQL of table `wf_server_options`: what Nezha's servers have not. */
export const serverOptionsStore = {
  /** Options of ours that are given; the others stay. */
  async set(tx: Queries, id: number, given: GivenOptions): Promise<void> {
    const { reachedThrough, tags } = given;
    if (reachedThrough === undefined && tags === undefined) return;
    const row = await tx.selectFrom("wf_server_options").select("options").where("server_id", "=", id).executeTakeFirst();
    const { reachedThrough: before, ...rest } = readOptions(row?.options);
    const through = reachedThrough === undefined ? before : reachedThrough;
    await putOptions(tx, id, { ...rest, ...(through ? { reachedThrough: through } : {}), ...(tags === undefined ? {} : { tags }) });
  },
  /** What servers are reached through, by id. */
  async paths(tx: Queries): Promise<Map<number, ReachedThrough>> {
    const all = await tx.selectFrom("wf_server_options").selectAll().execute();
    return new Map(
      all.flatMap(({ server_id: id, options }) => {
        const { reachedThrough } = readOptions(options);
        return reachedThrough === undefined ? [] : [[id, reachedThrough] as const];
      }),
    );
  },
  /** Takes paths through what is gone away; ids of the servers that had one. */
  async forgetPaths(tx: Queries, kind: ReachedThrough["kind"], gone: readonly number[]): Promise<number[]> {
    const cut = [...(await serverOptionsStore.paths(tx))].filter(([, through]) => through.kind === kind && gone.includes(through.id));
    for (const [id] of cut) await serverOptionsStore.set(tx, id, { reachedThrough: null });
    return cut.map(([id]) => id);
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_server_options").where("server_id", "in", ids).execute();
  },
  /** Removes options of servers that somebody else deleted. */
  async sweep(tx: Queries): Promise<void> {
    await tx
      .deleteFrom("wf_server_options")
      .where("server_id", "not in", (all) => all.selectFrom("servers").select("id"))
      .execute();
  },
};

async function putOptions(tx: Queries, id: number, stored: StoredOptions): Promise<void> {
  const options = JSON.stringify(stored);
  await tx
    .insertInto("wf_server_options")
    .values({ server_id: id, options })
    .onConflict((conflict) => conflict.column("server_id").doUpdateSet({ options }))
    .execute();
}
