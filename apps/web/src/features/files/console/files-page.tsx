import { Link, useParams } from "@tanstack/react-router";
import { SquareTerminal } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { DraftGuard } from "#shell/console/draft-guard.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useServerRows } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { SkeletonRows } from "#ui/skeleton.tsx";
import { Entries } from "./entries.tsx";
import { DropZone, UploadButton } from "./upload-controls.tsx";
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
