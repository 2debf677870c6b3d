import type { ApiToken } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { endingSoon } from "./soon.ts";
import type { Soon } from "./soon.ts";

const MOST_ROWS = 12;
/** Days from which a row is marked. */
const NEAR_DAYS = 10;
const NO_TOKENS: readonly ApiToken[] = [];

/** Plans, certificates and tokens that end soon. */
export function EndingSoon({ now }: { readonly now: number }) {
  const { t, number } = useFormats();
  const servers = useServerRows().rows;
  const services = useList("/service/list").rows;
  const tokens = useList("/api-tokens").rows ?? NO_TOKENS;
  const due = endingSoon({ servers, services, tokens }, now);
  if (due.length === 0) return null;
  return (
    <section>
      <h2 className="mb-2 text-sm font-medium text-ink-2">{t("home.soon")}</h2>
      <ul className="wf-card text-sm">
        {due.slice(0, MOST_ROWS).map((row) => (
          <li
            key={`${row.kind} ${row.id}`}
            className="flex items-center justify-between gap-3 border-b border-line px-4 py-2 last:border-0"
          >
            <span className="grid min-w-0">
              <Place row={row} />
              <span className="text-xs text-ink-3">{t(`home.ends.${row.kind}`)}</span>
            </span>
            <span className={`whitespace-nowrap tabular-nums ${row.days < NEAR_DAYS ? "font-medium text-warn-text" : ""}`}>
              {row.days < 0 ? t("plan.expired", { value: number.count(-row.days) }) : t("unit.day", { value: number.count(row.days) })}
            </span>
          </li>
        ))}
      </ul>
      {due.length > MOST_ROWS ? <p className="mt-2 text-sm text-ink-3">{t("dialog.more", { count: due.length - MOST_ROWS })}</p> : null}
    </section>
  );
}

const PLACE = "truncate font-medium text-ink";

function Place({ row: { kind, id, name } }: { readonly row: Soon }) {
  switch (kind) {
    case "plan":
      return (
        <Link to="/servers" search={{ s: String(id), t: "plan" }} className={PLACE}>
          {name}
        </Link>
      );
    case "certificate":
      return (
        <Link to="/service" search={{ edit: String(id) }} className={PLACE}>
          {name}
        </Link>
      );
    case "token":
      return (
        <Link to="/settings/api-tokens" className={PLACE}>
          {name}
        </Link>
      );
  }
}
