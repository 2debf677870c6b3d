import type { PageIncident, StatusPage } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { Changing } from "#shell/console/rights.tsx";
import { Button, IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { useRowNames } from "./group-card.tsx";
import { incidentShape } from "./words.ts";

interface CardProps {
  readonly page: StatusPage;
  readonly incident: PageIncident;
  readonly onOpen: (what: "edit" | "say" | "delete") => void;
  readonly onReword: (update: PageIncident["updates"][number]) => void;
}

/** One incident with all that was said of it. */
export function IncidentCard({ page, incident, onOpen, onReword }: CardProps) {
  const { t, list } = useFormats();
  const nameOf = useRowNames();
  const shown = page.groups.flatMap((group) => group.parts);
  const affected = incident.affected.map((part) => {
    const own = shown.find(({ kind, id }) => kind === part.kind && id === part.id)?.name;
    return own === undefined || own === "" ? nameOf(part) : own;
  });
  return (
    <article className="wf-card grid grid-cols-[minmax(0,1fr)] gap-3 p-5">
      <div className="flex flex-wrap items-start gap-3">
        <h2 className="flex min-w-0 flex-1 items-start gap-2.5 text-lg wrap-anywhere max-sm:basis-full">
          <StateIcon state={incidentShape(incident)} label={t(`statusPages.impact.${incident.impact}`)} className="mt-1.5" />
          {incident.title}
        </h2>
        <Chip tone={incident.status === "resolved" ? "ok" : "line"}>{t(`statusPages.status.${incident.status}`)}</Chip>
        <Changing>
          <Button size="small" onClick={() => onOpen("say")}>
            {t("statusPages.say")}
          </Button>
          <span className="inline-flex">
            <IconButton label={t("table.edit", { name: incident.title })} onClick={() => onOpen("edit")}>
              <Pencil className="size-4" aria-hidden="true" />
            </IconButton>
            <IconButton label={t("table.delete", { name: incident.title })} onClick={() => onOpen("delete")}>
              <Trash2 className="size-4" aria-hidden="true" />
            </IconButton>
          </span>
        </Changing>
      </div>
      {affected.length === 0 ? null : <p className="text-sm text-ink-2">{list(affected)}</p>}
      {incident.incident_id === 0 ? null : (
        <Link to="/incident/$id" params={{ id: String(incident.incident_id) }} className="justify-self-start text-sm">
          {t("nav.incident")}
        </Link>
      )}
      <ol className="grid gap-3">
        {incident.updates.map((update) => (
          <Update key={update.id} update={update} onReword={() => onReword(update)} />
        ))}
      </ol>
    </article>
  );
}

function Update({ update, onReword }: { readonly update: PageIncident["updates"][number]; readonly onReword: () => void }) {
  const { t, time } = useFormats();
  const at = parseTime(update.at) ?? 0;
  return (
    <li className="border-s-2 border-line ps-4">
      <div className="flex flex-wrap items-center gap-x-2 text-sm">
        <b>{t(`statusPages.status.${update.status}`)}</b>
        <time dateTime={update.at} title={time.full(at)} className="text-ink-3">
          {time.dateTime(at)}
        </time>
        <Changing>
          <IconButton label={`${t("statusPages.reword")}: ${time.dateTime(at)}`} onClick={onReword}>
            <Pencil className="size-3.5" aria-hidden="true" />
          </IconButton>
        </Changing>
      </div>
      {/* Drawn by the dashboard as for the page: whatever somebody wrote as HTML is text in it. */}
      <div className="wf-written wrap-anywhere text-ink-2" dangerouslySetInnerHTML={{ __html: update.html }} />
    </li>
  );
}
