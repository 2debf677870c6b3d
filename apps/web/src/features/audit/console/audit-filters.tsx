import type { AuditKinds } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { FilterChoice } from "#shell/console/filter-choice.tsx";
import { useList, useRead } from "#shell/console/queries.ts";
import { SINCES } from "#shell/console/since.ts";
import { useSearchState } from "#shell/navigation.ts";
import { RemovableChip } from "#ui/chip.tsx";
import { SearchField } from "#ui/search-field.tsx";
import { ACTORS } from "./audit-query.ts";

const CLEARS = ["before", "open"] as const;

/** Narrows the log; every choice is in the address. */
export function AuditFilters() {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const known = useRead<AuditKinds>("/audit/kinds").data;
  const users = useList("/user").rows;
  const { kind, key } = search;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <SearchField
        label={t("table.search")}
        placeholder={t("audit.search")}
        value={search["q"] ?? ""}
        onChange={(q) => change({ q, before: "", open: "" })}
      />
      <div className="flex flex-wrap items-center gap-2">
        <FilterChoice
          name="actor"
          label={t("audit.actor")}
          clears={CLEARS}
          choices={ACTORS.map((value) => ({ value, label: t(`audit.actors.${value}`) }))}
        />
        <FilterChoice
          name="user"
          label={t("audit.user")}
          clears={CLEARS}
          choices={users.map(({ id, username }) => ({ value: id, label: username }))}
        />
        <FilterChoice
          name="kind"
          label={t("audit.kind")}
          clears={[...CLEARS, "key"]}
          choices={withChosen(known?.kinds, kind).map((value) => ({ value, label: value }))}
        />
        <FilterChoice
          name="action"
          label={t("audit.action")}
          clears={CLEARS}
          choices={withChosen(known?.actions, search["action"]).map((value) => ({ value, label: value }))}
        />
        <FilterChoice
          name="since"
          label={t("incident.since")}
          clears={CLEARS}
          choices={SINCES.map((value) => ({ value, label: t(`incident.sinces.${value}`) }))}
        />
        {kind === undefined || key === undefined ? null : (
          <RemovableChip
            label={`${kind} ${key}`}
            remove={t("audit.allOfKind")}
            onRemove={() => change({ key: "", before: "", open: "" })}
          />
        )}
      </div>
    </div>
  );
}

/** What the address asks for stays to be seen, also when it does not occur. */
function withChosen(known: readonly string[] | undefined, chosen: string | undefined): readonly string[] {
  const values = known ?? [];
  return chosen === undefined || values.includes(chosen) ? values : [...values, chosen];
}
