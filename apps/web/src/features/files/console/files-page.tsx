import { Link, useParams } from "@tanstack/react-router";
import { Download, File as FileIcon, Folder as FolderIcon, SquareTerminal, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { BatchAction, BatchBar } from "#shell/console/batch-bar.tsx";
import { DraftGuard } from "#shell/console/draft-guard.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useServerRows } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Note } from "#ui/banner.tsx";
import { Button, IconButton } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SwitchField } from "#ui/field.tsx";
import { SkeletonRows } from "#ui/skeleton.tsx";
import { useSelection } from "#ui/use-selection.ts";
import type { Entry } from "./file-frames.ts";
import { PathBar } from "./path-bar.tsx";
import { within } from "./paths.ts";
import { TransferQueue } from "./transfer-queue.tsx";
import { useFileSession } from "./use-file-session.ts";
import { useFolder } from "./use-folder.ts";
import { useTransfers } from "./use-transfers.ts";

/** Files of a server; `?path=` is the folder. */
export function Page() {
  const params: { readonly id?: string } = useParams({ strict: false });
  const id = Number(params.id);
  return <Files key={id} id={id} />;
}

function Files({ id }: { readonly id: number }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const server = useServerRows().rows.find((row) => row.id === id);
  const { session, drop } = useFileSession(id);
  const folder = useFolder(search["path"] ?? "", session);
  const transfers = useTransfers({ api: useApp().api, serverId: id, session, drop, onUploaded: folder.read });
  const [offered, setOffered] = useState<readonly File[]>();
  const path = folder.listing?.path ?? search["path"] ?? "";
  const present = new Set(folder.listing?.entries.map((entry) => entry.name));
  const go = (to: string) => change({ path: to }, { push: true });
  const put = (files: readonly File[]) => {
    if (files.some((file) => present.has(file.name))) setOffered(files);
    else transfers.upload(path, files);
  };
  const moving = transfers.list.filter(({ state }) => state === "waiting" || state === "running");
  return (
    <>
      <PageBar title={t("nav.files")} {...(server === undefined ? {} : { aside: server.name })}>
        <Link
          to="/terminal/$id"
          params={{ id: String(id) }}
          className="wf-btn"
          data-kind="quiet"
          data-size="small"
          data-shape="icon"
          aria-label={t("files.terminal")}
          title={t("files.terminal")}
        >
          <SquareTerminal className="size-4" aria-hidden="true" />
        </Link>
        <UploadButton onFiles={put} />
      </PageBar>
      <PathBar path={path} onGo={go} onRead={folder.read} />
      {folder.error === undefined ? null : (
        <Note
          state="critical"
          alert
          action={
            <Button size="small" onClick={folder.read}>
              {t("files.retry")}
            </Button>
          }
        >
          {folder.error}
        </Note>
      )}
      {folder.missing === undefined ? null : <Note state="warn">{t("files.missing", { path: folder.missing })}</Note>}
      <DropZone onFiles={put}>
        {folder.listing === undefined ? (
          folder.loading ? (
            <SkeletonRows label={t("files.loading")} />
          ) : null
        ) : (
          <Entries
            key={path}
            entries={folder.listing.entries}
            onOpen={(name) => go(`${within(path, name)}/`)}
            onDownload={(names) => transfers.download(path, names)}
          />
        )}
      </DropZone>
      <TransferQueue transfers={transfers} />
      <p className="text-sm text-ink-3">{t("files.verbs")}</p>
      {offered === undefined ? null : (
        <ConfirmDialog
          title={t("files.replaceTitle")}
          names={offered.map((file) => file.name).filter((name) => present.has(name))}
          verb={t("files.replace")}
          run={async () => transfers.upload(path, offered)}
          onClose={() => setOffered(undefined)}
        >
          {t("files.replaceHelp")}
        </ConfirmDialog>
      )}
      <DraftGuard dirty={moving.length > 0} changed={moving.map(({ name }) => name)} />
    </>
  );
}

function UploadButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const { t } = useFormats();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        className="sr-only"
        tabIndex={-1}
        aria-label={t("files.upload")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button kind="primary" size="small" onClick={() => input.current?.click()}>
        <Upload className="size-4" aria-hidden="true" />
        {t("files.upload")}
      </Button>
    </>
  );
}

/** Takes files that are dropped on the list. */
function DropZone({ onFiles, children }: { readonly onFiles: (files: readonly File[]) => void; readonly children: React.ReactNode }) {
  const { t } = useFormats();
  const [over, setOver] = useState(false);
  return (
    <div
      className="relative grid grid-cols-[minmax(0,1fr)] gap-3"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over ? (
        <p className="pointer-events-none absolute inset-0 grid place-items-center rounded-card border-2 border-dashed border-focus bg-select font-medium">
          {t("files.drop")}
        </p>
      ) : null}
    </div>
  );
}

interface EntriesProps {
  readonly entries: readonly Entry[];
  readonly onOpen: (name: string) => void;
  readonly onDownload: (names: readonly string[]) => void;
}

function Entries({ entries, onOpen, onDownload }: EntriesProps) {
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
