import { Download, File as FileIcon, Folder as FolderIcon } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { BatchAction, BatchBar } from "#shell/console/batch-bar.tsx";
import { IconButton } from "#ui/button.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SwitchField } from "#ui/field.tsx";
import { useSelection } from "#ui/use-selection.ts";
import type { Entry } from "./file-frames.ts";

interface EntriesProps {
  readonly entries: readonly Entry[];
  readonly onOpen: (name: string) => void;
  readonly onDownload: (names: readonly string[]) => void;
}

/** What is in a folder; files can be chosen and downloaded together. */
export function Entries({ entries, onOpen, onDownload }: EntriesProps) {
  const { t } = useFormats();
  const [hidden, setHidden] = useState(false);
  const shown = hidden ? entries : entries.filter((entry) => !entry.name.startsWith("."));
  const selection = useSelection(shown.filter((entry) => !entry.folder).map((entry) => entry.name));
  const names = selection.ids.map(String);
  const columns: Column<Entry>[] = [
    {
      key: "name",
      label: t("files.name"),
      cell: (entry) => {
        const Icon = entry.folder ? FolderIcon : FileIcon;
        return (
          <span className="flex items-center gap-2">
            <Icon className={`size-4 flex-none ${entry.folder ? "text-link" : "text-ink-3"}`} aria-hidden="true" />
            <button
              type="button"
              className="max-w-160 min-w-0 truncate hover:underline max-md:max-w-48"
              aria-label={t(entry.folder ? "files.open" : "files.download", { name: entry.name })}
              onClick={() => (entry.folder ? onOpen(entry.name) : onDownload([entry.name]))}
            >
              {entry.name}
            </button>
          </span>
        );
      },
      sortBy: (entry) => entry.name,
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (entry) =>
        entry.folder ? null : (
          <IconButton label={t("files.download", { name: entry.name })} onClick={() => onDownload([entry.name])}>
            <Download className="size-4" aria-hidden="true" />
          </IconButton>
        ),
    },
  ];
  return (
    <>
      {shown.length === 0 ? (
        <EmptyState title={t("files.empty")} />
      ) : (
        <DataTable
          label={t("nav.files")}
          columns={columns}
          rows={shown}
          rowId={(entry) => entry.name}
          rowName={(entry) => entry.name}
          selection={selection}
          selectable={(entry) => !entry.folder}
        />
      )}
      {shown.length === entries.length && !hidden ? null : <SwitchField label={t("files.hidden")} checked={hidden} onChange={setHidden} />}
      <BatchBar count={names.length} onClear={() => selection.setAll([])}>
        <BatchAction icon={Download} label={t("files.downloadSelected", { count: names.length })} onClick={() => onDownload(names)} />
      </BatchBar>
    </>
  );
}
