import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import { DateTimeField } from "#ui/date-time-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { coveringRange, writeZoom } from "./ranges.ts";
import type { Range } from "./ranges.ts";

interface CustomRangeProps {
  /** Ranges that may be chosen. */
  readonly open: readonly Range[];
  readonly shown: { readonly from: number; readonly to: number };
}

/** A stretch of time by its beginning and its end. */
export function CustomRange({ open, shown }: CustomRangeProps) {
  const { t } = useFormats();
  const { store } = useApp().live;
  const [, change] = useSearchState();
  const [asked, setAsked] = useState<{ from: string; to: string }>();
  const window = asked === undefined ? undefined : { from: Date.parse(asked.from), to: Date.parse(asked.to) };
  const range = window === undefined ? undefined : coveringRange(window, open, store.serverNow());
  const apply = () => {
    if (window === undefined || range === undefined) return;
    change({ range: range === "24h" ? "" : range, zoom: writeZoom(window) }, { push: true });
    setAsked(undefined);
  };
  return (
    <>
      <Button size="small" onClick={() => setAsked({ from: new Date(shown.from).toISOString(), to: new Date(shown.to).toISOString() })}>
        {t("range.custom")}
      </Button>
      {asked === undefined ? null : (
        <Dialog
          title={t("range.label")}
          onClose={() => setAsked(undefined)}
          footer={
            <Button kind="primary" disabled={range === undefined} onClick={apply}>
              {t("range.show")}
            </Button>
          }
        >
          <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,13rem),1fr))] gap-4">
            <DateTimeField
              label={t("range.start")}
              value={asked.from}
              onChange={(event) => setAsked({ ...asked, from: event.target.value })}
            />
            <DateTimeField label={t("range.end")} value={asked.to} onChange={(event) => setAsked({ ...asked, to: event.target.value })} />
          </div>
          {range === undefined ? <p className="text-sm text-crit-text">{t("range.wrong")}</p> : null}
        </Dialog>
      )}
    </>
  );
}
