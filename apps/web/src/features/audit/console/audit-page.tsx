import type { AuditLine, AuditPage } from "@windfire/api";
import { Download } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { CursorPager } from "#shell/console/cursor-pager.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Menu } from "#ui/menu.tsx";
import { ActorName } from "./actor-name.tsx";
import { AuditDrawer } from "./audit-drawer.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { auditFilter, FILTERS, isFiltered, PAGE_SIZE } from "./audit-query.ts";
import { RetentionSection } from "./retention-section.tsx";

const NONE: readonly AuditLine[] = [];

/** Who did what, from where; newest first. Filters, page and the open line are in the address. */
export function Page() {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const filter = auditFilter(search, Date.now());
  const before = search["before"];
  const { data, isPending, error } = useRead<AuditPage>("/audit", { ...filter, limit: PAGE_SIZE, before });
  const rows = data?.lines ?? NONE;
  const opened = rows.find(({ id }) => String(id) === search["open"]);
  const columns = useColumns((row) => change({ open: String(row.id) }, { push: true }));
  const showAll = () => change(Object.fromEntries([...FILTERS, "before"].map((name) => [name, ""])));
  const none = isFiltered(search) ? (
    <EmptyState title={t("table.noMatch")} action={<Button onClick={showAll}>{t("table.showAll")}</Button>} />
  ) : (
    <EmptyState title={t("audit.none")}>{t("audit.noneHelp")}</EmptyState>
  );
  return (
    <>
      <PageBar title={t("nav.audit")}>
        <ExportMenu filter={filter} />
      </PageBar>
      <AuditFilters />
      <ListStates loading={isPending} error={error} empty={rows.length === 0 && data?.next === undefined} none={none}>
        <DataTable
          label={t("nav.audit")}
          columns={columns}
          rows={rows}
          rowId={({ id }) => id}
          rowName={(row) => `${row.action} ${row.key}`}
          openId={opened?.id}
        />
      </ListStates>
      <CursorPager next={data?.next} />
      <RetentionSection />
      {opened === undefined ? null : <AuditDrawer line={opened} onClose={() => change({ open: "" })} />}
    </>
  );
}

/** The same lines as a file: the browser fetches it, however large it is. */
function ExportMenu({ filter }: { readonly filter: Readonly<Record<string, string>> }) {
  const { t } = useFormats();
  const link = (format: string) => `/api/v1/audit/export?${new URLSearchParams({ ...filter, format }).toString()}`;
  return (
    <Menu
      label={t("audit.export")}
      button={(trigger) => (
        <Button size="small" {...trigger}>
          <Download className="size-4" aria-hidden="true" />
          {t("audit.export")}
        </Button>
      )}
    >
      <a href={link("csv")} download>
        CSV
      </a>
      <a href={link("jsonl")} download>
        JSON Lines
      </a>
    </Menu>
  );
}

function useColumns(onOpen: (line: AuditLine) => void): Column<AuditLine>[] {
  const { t, time } = useFormats();
  return [
    {
      key: "at",
      label: t("audit.when"),
      cell: (line) => {
        const at = parseTime(line.at) ?? 0;
        return (
          <span className="text-ink-2" title={time.full(at)}>
            {time.dateTime(at)}
          </span>
        );
      },
    },
    { key: "who", label: t("audit.who"), cell: (line) => <ActorName line={line} /> },
    {
      key: "what",
      label: t("audit.what"),
      cell: (line) => (
        <button
          type="button"
          className="max-w-80 truncate text-start font-mono text-xs hover:underline max-md:max-w-40"
          onClick={() => onOpen(line)}
        >
          {line.action}
          {line.key === "" ? null : <span className="ms-1.5 text-ink-3">{line.key}</span>}
        </button>
      ),
    },
    {
      key: "fields",
      label: t("audit.fields"),
      className: "wider",
      cell: (line) => (
        <span className="block max-w-72 truncate text-ink-2">
          {line.fields.length === 0 ? "–" : line.fields.map(({ field }) => field).join(", ")}
        </span>
      ),
    },
    {
      key: "from",
      label: t("column.address"),
      className: "wider",
      cell: (line) => <span className="font-mono text-xs text-ink-2">{line.address === "" ? "–" : line.address}</span>,
    },
  ];
}
