import { isDeepStrictEqual } from "node:util";
import type { Declared } from "./document.ts";
import { bodyOf, differences, isEmpty, namesUsed, overRow } from "./items.ts";
import type { Difference } from "./items.ts";
import { isItem } from "./json.ts";
import type { Item } from "./json.ts";
import { KINDS, SETTING_FIELDS, SETTING_LINKS } from "./kinds.ts";
import type { Kind, Names, Section } from "./kind.ts";
import type { ApiClient } from "./client.ts";
import type { Live } from "./live.ts";

/** One thing that applying a document does. */
export type Step =
  | { readonly does: "create"; readonly section: Section; readonly name: string; readonly item: Item }
  | {
      readonly does: "change";
      readonly section: Section;
      readonly name: string;
      readonly item: Item;
      readonly fields: readonly Difference[];
    }
  | { readonly does: "delete"; readonly section: Section; readonly name: string };

export interface Plan {
  /** In the order in which they are done. */
  readonly steps: readonly Step[];
  /** Why nothing of it is done; each names what it is about. */
  readonly problems: readonly string[];
  /** What is there and not in the document, of sections that the document has. */
  readonly others: readonly { readonly section: Section; readonly name: string }[];
}

/** What has to be done for the state to be what the document says. Nothing is asked and nothing changed. */
export function planFor(declared: Declared, live: Live, { prune = false } = {}): Plan {
  const steps: Step[] = [];
  const problems: string[] = [];
  const others: { section: Section; name: string }[] = [];
  const exists = (section: Section, name: string): boolean =>
    live.names.idOf(section, name) !== undefined || declared.sections.get(section)?.has(name) === true;
  const check = (where: string, item: Item, kind: Pick<Kind, "fields" | "links" | "nested" | "secrets">): void => {
    const known = new Set([
      ...kind.fields,
      ...kind.secrets,
      ...kind.links.filter(({ within }) => within === undefined).map(({ as }) => as),
      ...(kind.nested ?? []).map(({ field }) => field),
    ]);
    for (const field of Object.keys(item)) if (!known.has(field)) problems.push(`${where}: there is no field ${field}`);
    for (const { field, problems: problemsOf } of kind.nested ?? [])
      if (item[field] !== undefined) problems.push(...problemsOf(item[field]).map((problem) => `${where}: ${problem}`));
    for (const { to, name } of namesUsed(item, kind)) {
      if (!exists(to, name)) problems.push(`${where}: there is none of ${to} called ${JSON.stringify(name)}`);
    }
  };
  for (const kind of KINDS) {
    const items = declared.sections.get(kind.section);
    if (items === undefined) continue;
    const rows = live.rows.get(kind.section) ?? [];
    for (const [name, item] of items) {
      const where = `${kind.section} ${JSON.stringify(name)}`;
      const found = rows.filter((row) => row.name === name);
      check(where, item, kind);
      if (found.length > 1) problems.push(`${where}: ${found.length} are called that (ids ${found.map(({ id }) => id).join(", ")})`);
      const [row] = found;
      if (row === undefined) {
        if (kind.fixed === undefined) steps.push({ does: "create", section: kind.section, name, item });
        else problems.push(`${where} is not there: ${kind.fixed}`);
        continue;
      }
      const open = withoutSecrets(item, kind);
      const over = overRow(open, row);
      const fields = differences(over.item, row.item, kind.secrets);
      const hasSecrets = over.named || !isDeepStrictEqual(open, item) || kind.secrets.some((secret) => item[secret] !== undefined);
      if (fields.length > 0 && kind.section === "users") problems.push(`${where} is otherwise: ${kind.fixed ?? ""}`);
      else if (fields.length > 0 || hasSecrets) steps.push({ does: "change", section: kind.section, name, item, fields });
    }
    for (const { name } of rows) if (!items.has(name)) others.push({ section: kind.section, name });
  }
  if (declared.settings !== undefined) {
    const { settings } = declared;
    check("settings", settings, { fields: SETTING_FIELDS, links: SETTING_LINKS, secrets: [] });
    const fields = differences(settings, live.setting.item, []);
    if (fields.length > 0) steps.push({ does: "change", section: "settings", name: "", item: settings, fields });
  }
  if (prune) steps.push(...pruned(others));
  return { steps, problems, others };
}

/** What of an item can be compared. */
function withoutSecrets(item: Item, { nested = [] }: Pick<Kind, "nested">): Item {
  const open = nested.filter(({ field, withoutSecrets: strip }) => strip !== undefined && field in item);
  return { ...item, ...Object.fromEntries(open.map(({ field, withoutSecrets: strip }) => [field, strip?.(item[field])])) };
}

/** What names others goes before what is named. */
function pruned(others: Plan["others"]): Step[] {
  const deletable = KINDS.filter(({ fixed }) => fixed === undefined).map(({ section }) => section);
  return deletable.toReversed().flatMap((section) => {
    const gone = others.filter((other) => other.section === section);
    return gone.map(({ name }): Step => ({ does: "delete", section, name }));
  });
}

/** Carries a plan without problems out, step by step, and tells each. Broken off, what is left is planned anew by the next run. */
export async function carryOut(plan: Plan, live: Live, api: ApiClient, told: (step: Step) => void): Promise<void> {
  const made = new Map<string, number>();
  const names: Names = {
    nameOf: live.names.nameOf,
    idOf: (section, name) => made.get(`${section} ${name}`) ?? live.names.idOf(section, name),
  };
  for (const step of plan.steps) {
    const id = await carryOutStep(step, live, names, api);
    if (id !== undefined) made.set(`${step.section} ${step.name}`, id);
    told(step);
  }
  for (const step of plan.steps) await writeLast(step, live, names, api);
}

/** What {@link Kind.last} names, once everything is there and nothing stands in its way any more. */
async function writeLast(step: Step, live: Live, names: Names, api: ApiClient): Promise<void> {
  const kind = KINDS.find(({ section }) => section === step.section);
  const field = kind?.last;
  if (kind === undefined || field === undefined || step.does === "delete" || isEmpty(step.item[field])) return;
  if (step.does === "change" && !step.fields.some((changed) => changed.field === field)) return;
  const id = names.idOf(step.section, step.name);
  const row = live.rows.get(step.section)?.find(({ name }) => name === step.name)?.row ?? {};
  await api.patch(`${kind.path}/${id}`, { ...row, ...bodyOf(step.item, kind, names), ...calledOf(kind, step.name) });
}

/** A row without what is written last; what it has of it and shall not have any more goes. */
function withoutLast(body: Item, { last }: Kind, step: Step): Item {
  if (last === undefined || !(last in body)) return body;
  const { [last]: _later, ...rest } = body;
  const goes = step.does === "change" && step.fields.some(({ field, from }) => field === last && !isEmpty(from));
  return goes ? { ...rest, [last]: null } : rest;
}

async function carryOutStep(step: Step, live: Live, names: Names, api: ApiClient): Promise<number | undefined> {
  const kind = KINDS.find(({ section }) => section === step.section);
  if (step.does === "change" && step.section === "settings") {
    await api.patch("/setting", { ...live.setting.row, ...bodyOf(step.item, { links: SETTING_LINKS }, names) });
    return undefined;
  }
  if (kind === undefined) return undefined;
  if (step.does === "create") {
    const body = bodyOf(step.item, kind, names);
    const id = Number(await api.post(pathOf(kind, step.item), { ...withoutLast(body, kind, step), ...calledOf(kind, step.name) }));
    await writeBeside(kind, id, body, api);
    return id;
  }
  const row = live.rows.get(step.section)?.find(({ name }) => name === step.name);
  if (row === undefined) return undefined;
  if (step.does === "delete")
    await api.post(`/batch-delete${kind.path === "/notification-channel" ? "/notification" : kind.path}`, [row.id]);
  else {
    const { item } = overRow(step.item, row);
    const { settings } = step.item;
    if (isItem(settings) && isItem(item["settings"])) Object.assign(item["settings"], settings);
    const said = bodyOf(item, kind, names);
    const body = { ...row.row, ...said, ...calledOf(kind, step.name) };
    await api.patch(`${pathOf(kind, { ...row.item, ...step.item })}/${row.id}`, withoutLast(body, kind, step));
    await writeBeside(kind, row.id, said, api);
  }
  return undefined;
}

/** What a document says of a field with a route of its own. */
async function writeBeside({ path, beside }: Kind, id: number, body: Item, api: ApiClient): Promise<void> {
  if (beside !== undefined && beside in body) await api.patch(`${path}/${id}/${beside}`, body[beside]);
}

/** Nobody is sent a test message by a file. */
function calledOf({ nameField, section }: Kind, name: string): Item {
  return { [nameField]: name, ...(section === "channels" ? { skip_check: true } : {}) };
}

/** A channel without a kind is a plain webhook, which has a path of its own. */
function pathOf(kind: Kind, item: Item): string {
  return kind.section === "channels" && (item["kind"] ?? "") === "" ? "/notification" : kind.path;
}
