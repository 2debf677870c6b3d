import type { CronOutput, CronResult, CronRunDetail } from "@windfire/api";
import { Download } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { saveText } from "#lib/save-text.ts";
import { useRead } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Drawer } from "#ui/dialog.tsx";
import { SearchField } from "#ui/search-field.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { useSearchState } from "#shell/navigation.ts";
import { linesWith, plainText } from "./output-text.ts";
import { RunState } from "./run-words.tsx";

interface OutputProps {
  readonly run: CronRunDetail;
  readonly result: CronResult;
  readonly onClose: () => void;
}

/** What a server printed: searched by line, or saved as a file. */
export function OutputDrawer({ run, result, onClose }: OutputProps) {
  const { t, number } = useFormats();
  const [search, change] = useSearchState();
  const { data, error } = useRead<CronOutput>(`/cron-run/${run.id}/output`, { server: result.server_id });
  const name = t("runs.outputOf", { name: result.server_name });
  const query = search["find"] ?? "";
  const text = data === undefined ? "" : plainText(data.output);
  const shown = linesWith(text, query);
  return (
    <Drawer
      name={name}
      wide
      title={<h2 className="min-w-0 truncate text-lg">{name}</h2>}
      onClose={() => {
        change({ find: "" });
        onClose();
      }}
    >
      <p className="flex flex-wrap items-center gap-3 text-sm text-ink-2">
        <RunState state={result.state} />
        {result.seconds === undefined ? null : t("unit.second", { value: number.decimal(result.seconds, 1) })}
        <span>{number.bytes(result.output_bytes)}</span>
        {text === "" ? null : (
          <Button
            size="small"
            className="ms-auto"
            onClick={() => saveText(`${run.cron_name} ${run.id} ${result.server_name}.txt`, data?.output ?? "")}
          >
            <Download className="size-4" aria-hidden="true" />
            {t("runs.save")}
          </Button>
        )}
      </p>
      {data?.cut === true ? <Note state="warn">{t("runs.cut")}</Note> : null}
      {error === null ? null : (
        <Note state="critical" alert>
          {error.message}
        </Note>
      )}
      {data === undefined && error === null ? <Skeleton className="h-40 w-full" /> : null}
      {text === "" ? (
        data === undefined ? null : (
          <p className="text-ink-2">{t("runs.noOutput")}</p>
        )
      ) : (
        <>
          <SearchField label={t("table.search")} placeholder={t("runs.find")} value={query} onChange={(find) => change({ find })} />
          {shown === "" ? (
            <p className="text-ink-2">{t("table.noMatch")}</p>
          ) : (
            <pre
              tabIndex={0}
              role="region"
              aria-label={name}
              className="wf-card overflow-x-auto p-4 font-mono text-xs leading-relaxed wrap-anywhere whitespace-pre-wrap"
            >
              {shown}
            </pre>
          )}
        </>
      )}
    </Drawer>
  );
}
