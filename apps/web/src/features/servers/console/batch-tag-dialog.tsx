import type { ServerBatchInput, ServerBatchResult } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useServerRows, useWrite } from "#shell/console/queries.ts";
import { TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { knownTags, readTags, tagsError, writeTags } from "./tag-text.ts";
import type { ServerRow } from "./server-rows.ts";

const MOST_OFFERED = 12;

/** Gives servers tags or takes them, in one request; the toast takes it back from those that were changed. */
export function BatchTagDialog({ rows, onClose }: { readonly rows: readonly ServerRow[]; readonly onClose: () => void }) {
  const { t } = useFormats();
  const { toasts } = useApp();
  const all = useServerRows().rows;
  const [text, setText] = useState("");
  const [mode, setMode] = useState<"add" | "remove">("add");
  const [tried, setTried] = useState(false);
  const save = useWrite((api, body: ServerBatchInput) => api.post<ServerBatchResult>("/batch-update/server", body), ["/server"]);
  const tags = readTags(text);
  const offered = knownTags(mode === "add" ? all : rows.map(({ server }) => server)).slice(0, MOST_OFFERED);
  const put = (ids: number[], verb: "add" | "remove") => save.mutateAsync({ ids, [verb === "add" ? "add_tags" : "remove_tags"]: tags });
  const run = async () => {
    setTried(true);
    if (tags.length === 0 || tagsError(text) !== undefined) return false;
    const { changed } = await put(
      rows.map(({ server }) => server.id),
      mode,
    );
    toasts.show({
      text: t("tags.done", { count: changed.length }),
      ...(changed.length === 0 ? {} : { undo: () => void put([...changed], mode === "add" ? "remove" : "add") }),
    });
    return true;
  };
  const wrong = tags.length === 0 ? "form.required" : tagsError(text);
  return (
    <FormDialog title={t("tags.title")} verb={t("action.save")} run={run} onClose={onClose}>
      <p className="text-ink-2">{rows.map((row) => row.server.name).join(", ")}</p>
      <Segmented
        label={t("tags.label")}
        className="justify-self-start"
        value={mode}
        onChange={setMode}
        segments={[
          { value: "add", label: t("tags.add") },
          { value: "remove", label: t("tags.remove") },
        ]}
      />
      <TextField
        label={t("tags.label")}
        help={t("tags.help")}
        autoFocus
        value={text}
        error={tried && wrong !== undefined ? t(wrong) : undefined}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      {offered.length === 0 ? null : (
        <div role="group" aria-label={t("tags.known")} className="flex flex-wrap gap-1.5">
          {offered.map((tag) => (
            <button
              key={tag}
              type="button"
              className="wf-chip min-h-6"
              data-tone="line"
              onClick={() => setText(writeTags(readTags(`${text} ${tag}`)))}
            >
              {tag}
            </button>
          ))}
        </div>
      )}
    </FormDialog>
  );
}
