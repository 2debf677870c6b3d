import { useFormats } from "#lib/formats.ts";
import { useList, useServerGroups, useServerRows } from "#shell/console/queries.ts";
import type { SnoozeScope, Subject } from "./snooze-values.ts";

interface Option {
  readonly id: number;
  readonly name: string;
}

const NONE: readonly Option[] = [];

/** What a snooze can be about, by name. */
export function useSubjects(): {
  readonly options: (scope: SnoozeScope) => readonly Option[];
  readonly nameOf: (subject: Subject) => string;
} {
  const { t } = useFormats();
  const rules = useList("/alert-rule").rows;
  const services = useList("/service/list").rows;
  const servers = useServerRows().rows;
  const groups = useServerGroups().rows.map(({ group }) => group);
  const lists: Readonly<Record<SnoozeScope, readonly Option[]>> = {
    rule: rules,
    service: services,
    server: servers,
    group: groups,
    all: NONE,
  };
  return {
    options: (scope) => lists[scope],
    nameOf: ({ scope, id }) => {
      if (scope === "all") return t("snooze.scopes.all");
      return lists[scope].find((option) => option.id === id)?.name ?? `#${id}`;
    },
  };
}
