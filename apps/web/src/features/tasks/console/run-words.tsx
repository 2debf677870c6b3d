import type { CronResult, CronRun } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { Chip } from "#ui/chip.tsx";
import type { ChipTone } from "#ui/chip.tsx";

type State = CronRun["state"] | CronResult["state"];

const TONES: Readonly<Record<State, ChipTone>> = {
  running: "maint",
  succeeded: "ok",
  failed: "crit",
  cancelled: "line",
  missed: "warn",
  empty: "line",
  offline: "plain",
  busy: "warn",
  unknown: "warn",
};

/** What became of a run, or of it on one server. */
export function RunState({ state }: { readonly state: State }) {
  const { t } = useFormats();
  return <Chip tone={TONES[state]}>{t(`runs.states.${state}`)}</Chip>;
}

/** "4 of 5 fine". */
export function RunCount({ run }: { readonly run: CronRun }) {
  const { t, number } = useFormats();
  const { servers, missed } = run;
  if (missed !== undefined) {
    return <span className="text-ink-2">{t(missed.more ? "runs.missedMore" : "runs.missedTimes", { count: missed.count })}</span>;
  }
  if (servers.total === 0) return <span className="text-ink-3">–</span>;
  return (
    <span className="text-ink-2">{t("runs.fine", { fine: number.count(servers.succeeded), total: number.count(servers.total) })}</span>
  );
}
