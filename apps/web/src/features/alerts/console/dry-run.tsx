import type { AlertConditionFormInput, AlertDryRun, AlertDryRunFormInput } from "@windfire/api";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { HistoryAwayNote } from "#features/history/shared/history-away-note.tsx";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import { rereadEvery } from "#shell/console/queries.ts";
import type { Form } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { useStill } from "#ui/use-still.ts";
import { isHistoryAway } from "#wire/history-away.ts";
import { FiringCharts } from "./firing-charts.tsx";
import { FiringStrip } from "./firing-strip.tsx";
import { checkRule, conditionsIn } from "./rule-values.ts";
import type { RuleValues } from "./rule-values.ts";

/** Changes are looked at when nobody has typed for so long. */
const PAUSE_MS = 400;
const DAYS = ["1", "7", "30"] as const;
type Days = (typeof DAYS)[number];
const MOST_SERVERS = 12;

/** What the conditions as they are written would have done, over the stored history. */
export function DryRun({ form }: { readonly form: Form<RuleValues> }) {
  const { t, number } = useFormats();
  const { api } = useApp();
  const [days, setDays] = useState<Days>("7");
  const wrong = checkRule({ ...form.values, name: "x" }, Date.now());
  const ready = wrong.conditions === undefined && wrong.json === undefined;
  const wanted = useStill(ready ? JSON.stringify({ rules: conditionsIn(form.values), days: Number(days) }) : "", PAUSE_MS);
  const { data, error, isFetching } = useQuery({
    queryKey: ["/alert-rule/dry-run", wanted],
    queryFn: () => api.post<AlertDryRun>("/alert-rule/dry-run", JSON.parse(wanted) as AlertDryRunFormInput),
    enabled: wanted !== "",
    placeholderData: (before: AlertDryRun | undefined) => before,
    retry: false,
    refetchInterval: rereadEvery(),
  });
  return (
    <FormSection title={t("alerts.try")}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-ink-2">{t("alerts.tryHelp")}</p>
        <Segmented
          label={t("alerts.tryDays")}
          value={days}
          onChange={setDays}
          segments={DAYS.map((value) => ({ value, label: t("unit.day", { value: number.count(Number(value)) }) }))}
        />
      </div>
      {isHistoryAway(error) ? <HistoryAwayNote /> : null}
      {error === null || isHistoryAway(error) ? null : <Note state="warn">{error.message}</Note>}
      {data === undefined || error !== null || !ready ? null : (
        <Result run={data} days={days} conditions={conditionsIn(form.values)} stale={isFetching} />
      )}
    </FormSection>
  );
}

interface ResultProps {
  readonly run: AlertDryRun;
  readonly days: Days;
  readonly conditions: readonly AlertConditionFormInput[];
  readonly stale: boolean;
}

function Result({ run, days, conditions, stale }: ResultProps) {
  const { t } = useFormats();
  const { fired, not_judged: unjudged, servers_left_out: more } = run;
  const servers = run.servers.toSorted((a, b) => b.fired - a.fired);
  const [chosen, setChosen] = useState<number>();
  const drawn = servers.find(({ server_id: id }) => id === chosen) ?? servers[0];
  const key = unjudged.length > 0 ? "alerts.firedAtMost" : "alerts.fired";
  const [from, to] = [Date.parse(run.from), Date.parse(run.to)];
  return (
    <div aria-busy={stale} className="grid grid-cols-[minmax(0,1fr)] gap-3 aria-busy:grayscale">
      <p className="font-medium">{fired === 0 ? t("alerts.firedNever") : t(key, { count: fired })}</p>
      {unjudged.map(({ rule, reason }) => (
        <p key={rule} className="text-sm text-ink-2">
          {t("alerts.notJudged", { rule, reason })}
        </p>
      ))}
      {drawn === undefined ? null : (
        <FiringCharts key={`${drawn.server_id} ${days}`} server={drawn} conditions={conditions} period={`${days}d`} from={from} to={to} />
      )}
      {servers.length === 0 ? null : (
        <ul className="wf-card overflow-hidden text-sm">
          {servers.slice(0, MOST_SERVERS).map((server) => (
            <li key={server.server_id} className="border-b border-line last:border-0">
              <button
                type="button"
                aria-pressed={server === drawn}
                className="grid w-full grid-cols-[minmax(0,1fr)] gap-1.5 px-4 py-2.5 text-start hover:bg-hover aria-pressed:bg-select"
                onClick={() => setChosen(server.server_id)}
              >
                <FiringStrip server={server} from={from} to={to} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {servers.length > MOST_SERVERS ? (
        <p className="text-sm text-ink-3">{t("dialog.more", { count: servers.length - MOST_SERVERS })}</p>
      ) : null}
      {more === 0 ? null : <p className="text-sm text-ink-3">{t("alerts.leftOut", { count: more })}</p>}
    </div>
  );
}
