import type { EditableSettings, ProviderFields } from "#platform/config";
import { EDITABLE } from "#platform/config";
import type { Changes, Queries } from "#platform/database";
import type { Sealing } from "#platform/sealing";

/** A row of what all dashboards have in common. */
export type CommonRow =
  | { readonly name: typeof SETTINGS; readonly settings: Partial<EditableSettings> }
  /** `undefined` fields: it was taken away, also from the files of dashboards that were not there. */
  | { readonly name: string; readonly provider: string; readonly fields: ProviderFields | undefined };

export const SETTINGS = "settings";
const PROVIDER = "provider ";
const KIND = "common setting";
const placeOf = (name: string): string => `${KIND} ${name}`;

/** SQL of table `wf_common_settings`. Rows are sealed: some hold secrets of providers. */
export function createCommonStore(sealing: Pick<Sealing, "seal" | "open">) {
  const read = ({ name, value }: { name: string; value: string }): CommonRow[] => {
    const text = sealing.open(value, placeOf(name));
    // Sealed by this program or another one of the installation: nobody else can.
    const held: unknown = text === undefined ? undefined : JSON.parse(text);
    if (held === undefined) return [];
    if (name === SETTINGS) return [{ name, settings: known(held) }];
    const fields = held === null ? undefined : (held as ProviderFields);
    return name.startsWith(PROVIDER) ? [{ name, provider: name.slice(PROVIDER.length), fields }] : [];
  };
  const write = async (tx: Queries, changes: Changes, name: string, held: unknown): Promise<void> => {
    const row = { name, value: sealing.seal(JSON.stringify(held), placeOf(name)) };
    await tx
      .insertInto("wf_common_settings")
      .values(row)
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: row.value }))
      .execute();
    changes.put(KIND, name);
  };
  const load = async (queries: Queries, names?: readonly string[]): Promise<CommonRow[]> => {
    const query = queries.selectFrom("wf_common_settings").selectAll();
    return (await (names === undefined ? query : query.where("name", "in", names)).execute()).flatMap(read);
  };
  return {
    kind: { name: KIND, keyOf: ({ name }: CommonRow) => name, load },
    load,
    async settings(tx: Queries): Promise<Partial<EditableSettings> | undefined> {
      const [row] = await load(tx, [SETTINGS]);
      return row && "settings" in row ? row.settings : undefined;
    },
    async provider(tx: Queries, name: string): Promise<ProviderFields | undefined> {
      const [row] = await load(tx, [PROVIDER + name]);
      return row && "fields" in row ? row.fields : undefined;
    },
    saveSettings: (tx: Queries, changes: Changes, settings: EditableSettings) => write(tx, changes, SETTINGS, settings),
    saveProvider: (tx: Queries, changes: Changes, name: string, fields: ProviderFields | undefined) =>
      write(tx, changes, PROVIDER + name, fields ?? null),
  };
}

export type CommonStore = ReturnType<typeof createCommonStore>;

/** A neighbouring version may know more settings, or fewer. */
function known(held: unknown): Partial<EditableSettings> {
  const members = new Map(Object.entries(typeof held === "object" && held !== null ? held : {}));
  return Object.fromEntries(EDITABLE.filter((key) => members.has(key)).map((key) => [key, members.get(key)]));
}
