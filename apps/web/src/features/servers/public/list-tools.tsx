import type { ServerGroup } from "@windfire/api";
import { LayoutGrid, Grid3x3, List, Search } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { useFormats } from "#lib/formats.ts";
import type { Filter } from "#lib/filter.ts";
import { usesSingleKeys } from "#lib/single-keys.ts";
import { useApp } from "#shell/app-context.tsx";
import { isWriting } from "#shell/key-actions.ts";
import { useFleet } from "#shell/live-hooks.ts";
import type { ChangeSearch } from "#shell/navigation.ts";
import { RemovableChip } from "#ui/chip.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { isProblem, healthOf } from "../shared/health.ts";
import { PROBLEMS, SORTS } from "./list-model.ts";
import type { ListOptions, Sort, View } from "./list-model.ts";
import { useViewKey } from "./use-view-key.ts";

interface ToolsProps {
  readonly options: ListOptions;
  readonly view: View;
  readonly groups: readonly ServerGroup[];
  readonly filter: Filter<LiveRecord>;
  readonly onChange: ChangeSearch;
}

export const ListTools = memo(function ListTools({ options, view, groups, filter, onChange }: ToolsProps) {
  const { t } = useFormats();
  useViewKey(view, (next) => onChange({ view: next }));
  return (
    <div className="server-overview-controls print:hidden mb-4 grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex flex-wrap items-center gap-3 max-sm:gap-2">
        <LiveGroupChoice group={options.group} groups={groups} onChange={(group) => onChange({ group })} />
        <FilterField query={options.query} onChange={(q) => onChange({ q }, { typed: true })} />
        <select
          className="wf-input w-auto! max-sm:flex-1"
          aria-label={t("list.sort")}
          value={options.sort}
          onChange={(event) => onChange({ sort: event.target.value })}
        >
          {SORTS.map((sort: Sort) => (
            <option key={sort} value={sort}>
              {t(`sort.${sort}`)}
            </option>
          ))}
        </select>
        <Segmented
          label={t("list.view")}
          value={view}
          onChange={(value) => onChange({ view: value })}
          segments={[
            { value: "cards", name: t("view.cards"), label: <LayoutGrid className="size-4" aria-hidden="true" /> },
            { value: "table", name: t("view.table"), label: <List className="size-4" aria-hidden="true" /> },
            { value: "heat", name: t("view.heat"), label: <Grid3x3 className="size-4" aria-hidden="true" /> },
          ]}
        />
      </div>
      <FilterChips filter={filter} onChange={(q) => onChange({ q })} />
    </div>
  );
});

/** Alone in this row it changes with the servers. */
function LiveGroupChoice(props: Omit<GroupChoiceProps, "records">) {
  return <GroupChoice {...props} records={useFleet()} />;
}

interface GroupChoiceProps {
  readonly group: string;
  readonly groups: readonly ServerGroup[];
  readonly records: readonly LiveRecord[];
  readonly onChange: (group: string) => void;
}

/** All, the groups that have servers here, and problems. Nothing where there is nothing to choose. */
export function GroupChoice(props: GroupChoiceProps) {
  const { t, number } = useFormats();
  const present = new Set(props.records.map((record) => record.id));
  const problems = props.records.filter((record) => isProblem(healthOf(record))).length;
  const named = props.groups
    .map(({ group, servers }) => ({ name: group.name, count: (servers ?? []).filter((id) => present.has(id)).length }))
    .filter(({ count }) => count > 0);
  if (named.length === 0 && problems === 0 && props.group === "") return null;
  const count = (value: number) => <span className="text-xs font-normal text-ink-3">{number.count(value)}</span>;
  return (
    <Segmented
      className="max-sm:w-full"
      label={t("list.group")}
      value={props.group}
      onChange={props.onChange}
      segments={[
        {
          value: "",
          label: (
            <>
              {t("list.all")} {count(present.size)}
            </>
          ),
        },
        ...named.map((group) => ({
          value: group.name,
          label: (
            <>
              {group.name} {count(group.count)}
            </>
          ),
        })),
        {
          value: PROBLEMS,
          label: (
            <>
              <StateIcon state={problems === 0 ? "up" : "warn"} />
              {t("list.problems")} {count(problems)}
            </>
          ),
        },
      ]}
    />
  );
}

/** Text goes to the address a moment after the last key; `/` jumps here. */
function FilterField({ query, onChange }: { readonly query: string; readonly onChange: (query: string) => void }) {
  const { t } = useFormats();
  const { preferences } = useApp();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current !== null && input.current !== document.activeElement) input.current.value = query;
  }, [query]);
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isWriting(event.target)) return;
      if (!usesSingleKeys(preferences)) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", jump);
    return () => removeEventListener("keydown", jump);
  }, [preferences]);
  return (
    <div className="relative ms-auto flex-[0_1_18rem] max-sm:-order-1 max-sm:flex-[1_1_100%]">
      <Search className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 text-ink-3" aria-hidden="true" />
      <input
        ref={input}
        type="search"
        className="wf-input ps-8.5!"
        aria-label={t("list.filter")}
        placeholder={t("list.filterExample")}
        defaultValue={query}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

/** `key:value` parts as chips; what is not understood is marked. Free words stay in the field alone. */
function FilterChips({ filter, onChange }: { readonly filter: Filter<LiveRecord>; readonly onChange: (query: string) => void }) {
  const { t } = useFormats();
  const keyed = filter.parts.filter((part) => part.kind !== "word");
  if (keyed.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {keyed.map((part) => (
        <RemovableChip
          key={part.text}
          label={part.text}
          wrong={filter.invalid.includes(part)}
          remove={t("list.removeFilter", { part: part.text })}
          onRemove={() =>
            onChange(
              filter.parts
                .filter((other) => other !== part)
                .map((other) => other.text)
                .join(" "),
            )
          }
        />
      ))}
      {filter.invalid.length === 0 ? null : <span className="text-sm text-crit-text">{t("list.filterWrong")}</span>}
    </div>
  );
}
