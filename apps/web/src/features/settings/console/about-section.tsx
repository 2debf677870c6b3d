import type { HistoryPause, SettingView } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";

/** Version, history, and house-keeping by hand. */
export function AboutSection({ setting }: { readonly setting: SettingView }) {
  const { t } = useFormats();
  return (
    <>
      <dl className="wf-facts wf-card p-5">
        <dt>{t("about.version")}</dt>
        <dd>{setting.version ?? "–"}</dd>
        <dt>{t("about.compatible")}</dt>
        <dd>{setting.nezha_version === undefined ? "–" : t("about.nezha", { version: setting.nezha_version })}</dd>
        <dt>{t("about.history")}</dt>
        <dd>{setting.tsdb_enabled ? t("about.historyOn") : t("about.historyOff")}</dd>
        {setting.history_paused === undefined ? null : <Pause pause={setting.history_paused} />}
        {setting.dashboards === undefined ? null : <Dashboards {...setting.dashboards} />}
        <dt>{t("about.api")}</dt>
        <dd>
          <a href="/api/openapi.json">OpenAPI</a>
        </dd>
      </dl>
      <Maintenance />
    </>
  );
}

const REASONS = {
  low_space: "about.pausedLow",
  disk_full: "about.pausedFull",
  unreachable: "about.pausedElsewhere",
  refused: "about.pausedRefused",
} as const;

/** History is recorded, but where it is kept nothing is taken at present. */
function Pause({ pause }: { readonly pause: HistoryPause }) {
  const { t, time } = useFormats();
  const since = parseTime(pause.since);
  return (
    <>
      <dt>{t("about.paused")}</dt>
      <dd>
        <Note state="critical">
          {t(REASONS[pause.reason])}
          {since === undefined ? null : ` (${time.ago(since, Date.now())})`}
        </Note>
      </dd>
    </>
  );
}

/** Those of the installation that are there, where there are several. */
function Dashboards({ heard, count, unheard, differing }: NonNullable<SettingView["dashboards"]>) {
  const { t } = useFormats();
  const names = differing.map((name) => (name === "clock" ? t("about.clock") : name));
  return (
    <>
      <dt>{t("about.dashboards")}</dt>
      <dd className="grid gap-2">
        {heard ? count : <Note state="critical">{t("about.busLost")}</Note>}
        {unheard === 0 ? null : <Note state="critical">{t("about.unheard", { value: unheard })}</Note>}
        {names.length === 0 ? null : <Note state="warn">{t("about.differing", { names: names.join(", ") })}</Note>}
      </dd>
    </>
  );
}

function Maintenance() {
  const { t } = useFormats();
  const { api } = useApp();
  const [state, setState] = useState<"idle" | "busy" | "done" | { readonly error: string }>("idle");
  const run = async () => {
    setState("busy");
    try {
      await api.post("/maintenance");
      setState("done");
    } catch (failure) {
      setState({ error: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  return (
    <div className="grid gap-2">
      <p className="text-ink-2">{t("about.maintenanceHelp")}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={state === "busy"} onClick={() => void run()}>
          {t("about.maintenance")}
        </Button>
        <span role="status" className="text-sm text-ink-2">
          {state === "busy" ? t("about.running") : state === "done" ? t("about.done") : ""}
        </span>
      </div>
      {typeof state === "object" ? (
        <Note state="critical" alert>
          {state.error}
        </Note>
      ) : null}
    </div>
  );
}
