import { useFormats } from "#lib/formats.ts";
import { Picker } from "#ui/picker.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { useServerRows } from "../queries.ts";
import { coveredCount } from "./coverage.ts";
import type { Coverage, CoverMode } from "./coverage.ts";

interface CoverageFieldProps {
  readonly value: Coverage;
  readonly modes?: readonly CoverMode[];
  readonly error?: string | undefined;
  readonly onChange: (value: Coverage) => void;
}

const USUAL: readonly CoverMode[] = ["except", "only"];

/** "All servers, except …" or "only …", by name, with how many that is today. */
export function CoverageField({ value, modes = USUAL, error, onChange }: CoverageFieldProps) {
  const { t, number } = useFormats();
  const servers = useServerRows().rows;
  const covered = coveredCount(
    value,
    servers.map((server) => server.id),
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Segmented
        label={t("cover.label")}
        className="justify-self-start"
        value={value.mode}
        onChange={(mode) => onChange({ ...value, mode })}
        segments={modes.map((mode) => ({ value: mode, label: t(`cover.${mode}`) }))}
      />
      {value.mode === "alerting" ? (
        <p className="text-sm text-ink-3">{t("cover.alertingHelp")}</p>
      ) : (
        <>
          <Picker
            label={t(value.mode === "only" ? "cover.servers" : "cover.leftOut")}
            options={servers.map((server) => ({ id: server.id, name: server.name }))}
            chosen={value.ids}
            error={error}
            onChange={(ids) => onChange({ ...value, ids })}
          />
          <p className="text-sm text-ink-2">
            {t("cover.count", { covered: number.count(covered), total: number.count(servers.length) })}{" "}
            {value.mode === "except" ? t("cover.newOnes") : ""}
          </p>
        </>
      )}
    </div>
  );
}

/** The same in a cell of a table. */
export function CoverageText({ value }: { readonly value: Coverage }) {
  const { t, number } = useFormats();
  const servers = useServerRows().rows;
  const named = new Map(servers.map((server) => [server.id, server.name]));
  const { mode, ids } = value;
  if (mode === "alerting") return <span className="text-ink-2">{t("cover.alerting")}</span>;
  if (mode === "except" && ids.length === 0) return <span className="text-ink-2">{t("cover.all")}</span>;
  const names = ids.map((id) => named.get(id) ?? `#${id}`).join(", ");
  const covered = coveredCount(value, [...named.keys()]);
  return (
    <span className="text-ink-2" title={names}>
      {mode === "only" && ids.length === 1 ? names : t("cover.short", { covered: number.count(covered), total: number.count(named.size) })}
    </span>
  );
}
