import type { PageIncident, StatusPage } from "@windfire/api";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { CursorPager } from "#shell/console/cursor-pager.tsx";
import { DeleteDialog } from "#shell/console/delete-dialog.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { useRead } from "#shell/console/queries.ts";
import { Changing } from "#shell/console/rights.tsx";
import { useSearchState, wholeNumber } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { IncidentCard } from "./incident-card.tsx";
import { IncidentDialog } from "./incident-dialog.tsx";
import { StatusPageFrame } from "./page-frame.tsx";
import { RewordDialog } from "./reword-dialog.tsx";
import { UpdateDialog } from "./update-dialog.tsx";

/** As many as the dashboard answers at once. */
const PAGE_LENGTH = 100;

type Open =
  | { readonly what: "edit" | "say" | "delete"; readonly incident: PageIncident }
  | { readonly what: "reword"; readonly incident: PageIncident; readonly update: PageIncident["updates"][number] };

/** What readers of a page were told, newest first. `?new=1` begins one, `?from=` with an incident of the engine. */
export function Page() {
  const { t } = useFormats();
  const [, change] = useSearchState();
  const add = (
    <Changing>
      <Button kind="primary" size="small" onClick={() => change({ new: "1" }, { push: true })}>
        <Plus className="size-4" aria-hidden="true" />
        {t("statusPages.beginIncident")}
      </Button>
    </Changing>
  );
  return <StatusPageFrame actions={() => add}>{(page) => <Incidents key={page.id} page={page} />}</StatusPageFrame>;
}

function Incidents({ page }: { readonly page: StatusPage }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const [open, setOpen] = useState<Open>();
  const before = wholeNumber(search["before"]);
  const query = { page_id: String(page.id), ...(before === undefined ? {} : { before }) };
  const { data, isPending, error } = useRead<PageIncident[] | null>("/page-incident", query);
  const rows = data ?? [];
  const close = () => setOpen(undefined);
  return (
    <>
      <ListStates
        loading={isPending}
        error={error}
        empty={rows.length === 0}
        none={<EmptyState title={t("statusPages.noIncidents")}>{t("statusPages.noIncidentsHelp")}</EmptyState>}
      >
        <ul className="grid max-w-240 gap-4">
          {rows.map((incident) => (
            <li key={incident.id}>
              <IncidentCard
                page={page}
                incident={incident}
                onOpen={(what) => setOpen({ what, incident })}
                onReword={(update) => setOpen({ what: "reword", incident, update })}
              />
            </li>
          ))}
        </ul>
        <CursorPager next={rows.length < PAGE_LENGTH ? undefined : rows.at(-1)?.id} />
      </ListStates>
      {search["new"] === "1" ? (
        <IncidentDialog page={page} engineId={wholeNumber(search["from"])} onClose={() => change({ new: "", from: "" })} />
      ) : null}
      {open?.what === "edit" ? <IncidentDialog page={page} incident={open.incident} onClose={close} /> : null}
      {open?.what === "say" ? <UpdateDialog page={page} incident={open.incident} onClose={close} /> : null}
      {open?.what === "reword" ? <RewordDialog page={page} incident={open.incident} update={open.update} onClose={close} /> : null}
      {open?.what === "delete" ? (
        <DeleteDialog
          rows={[{ id: open.incident.id, name: open.incident.title }]}
          help={t("statusPages.deleteIncidentHelp")}
          path="/batch-delete/page-incident"
          stale={["/page-incident", "/status-page"]}
          onClose={close}
        />
      ) : null}
    </>
  );
}
