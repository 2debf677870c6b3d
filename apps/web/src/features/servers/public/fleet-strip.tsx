import { memo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useServer } from "#shell/live-hooks.ts";
import { Link } from "#shell/public-link.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { healthOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";

/** A strip with more cells says nothing any more. */
const MOST_CELLS = 60;

const CELLS: Readonly<Record<Health, string>> = {
  up: "bg-ok-soft shadow-[inset_0_-3px_0_var(--ok)]",
  warn: "bg-warn-soft shadow-[inset_0_-3px_0_var(--warn)]",
  critical: "bg-crit-soft shadow-[inset_0_-3px_0_var(--crit)]",
  offline: "bg-off-soft shadow-[inset_0_-3px_0_var(--off)]",
  waiting: "bg-off-soft shadow-[inset_0_-3px_0_var(--line-2)]",
};

/** One cell per server in the order of the list: a glance over the whole fleet. */
export function FleetStrip({ ids }: { readonly ids: readonly number[] }) {
  const { t } = useFormats();
  if (ids.length === 0 || ids.length > MOST_CELLS) return null;
  return (
    <nav
      aria-label={t("list.strip")}
      className="fleet-strip mb-5 grid grid-cols-[repeat(auto-fit,minmax(1.5rem,1fr))] gap-[3px] print:hidden"
    >
      {ids.map((id) => (
        <Cell key={id} id={id} />
      ))}
    </nav>
  );
}

const Cell = memo(function Cell({ id }: { readonly id: number }) {
  const { t } = useFormats();
  const health = useServer(id, (record) => (record === undefined ? "waiting" : healthOf(record)));
  const name = useServer(id, (record) => record?.name ?? "");
  const label = t("list.cell", { name, state: healthWord(t, health) });
  return (
    <Link
      to={`/server/${id}`}
      title={label}
      aria-label={label}
      className={`forced-color-adjust-none grid h-9 min-w-0 place-items-center overflow-hidden max-sm:h-7 rounded-cell hover:brightness-95 dark:hover:brightness-125 ${CELLS[health]}`}
    >
      {health === "up" ? null : <StateIcon state={health} className="size-4 max-sm:size-3" />}
    </Link>
  );
});
