import type { CronTrigger } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useList, useRead, useServerRows, useWrite } from "#shell/console/queries.ts";
import { StatusItem } from "#shell/console/status-item.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { GIVEN_UP_STARTS } from "./given-up-starts.ts";

/** Tasks that a rule or a service was to start and that were given up; each can be started after all. */
export function MissedStarts() {
  const { t, list, time } = useFormats();
  const rows = useRead<CronTrigger[] | null>(...GIVEN_UP_STARTS).data ?? [];
  const tasks = new Map(useList("/cron").rows.map(({ id, name }) => [id, name]));
  const rules = new Map(useList("/alert-rule").rows.map(({ id, name }) => [id, name]));
  const services = new Map(useList("/service/list").rows.map(({ id, name }) => [id, name]));
  const servers = new Map(useServerRows().rows.map(({ id, name }) => [id, name]));
  const again = useWrite((api, id: number) => api.post(`/cron-trigger/${id}/send-again`), ["/cron-trigger", "/cron-run"]);
  if (rows.length === 0) return null;
  const nameIn = (names: ReadonlyMap<number, string>, id: number) => names.get(id) ?? `#${id}`;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h2 className="text-sm font-strong text-ink-2">{t("runs.missedStarts")}</h2>
      {again.error === null ? null : (
        <Note state="critical" alert>
          {again.error.message}
        </Note>
      )}
      <ul className="wf-card">
        {rows.map((row) => {
          const at = parseTime(row.created_at) ?? 0;
          const name = list(row.crons.map((id) => nameIn(tasks, id)));
          const source = row.source === "alert" ? nameIn(rules, row.source_id) : nameIn(services, row.source_id);
          return (
            <StatusItem
              key={row.id}
              state="warn"
              title={name}
              action={
                <Button
                  size="small"
                  disabled={again.isPending}
                  aria-label={`${t("runs.startAfterAll")}: ${name}`}
                  onClick={() => again.mutate(row.id)}
                >
                  {t("runs.startAfterAll")}
                </Button>
              }
            >
              <p title={time.full(at)}>{[time.dateTime(at), source, nameIn(servers, row.server_id)].join(", ")}</p>
              {row.error === undefined ? null : <p>{row.error}</p>}
            </StatusItem>
          );
        })}
      </ul>
    </section>
  );
}
