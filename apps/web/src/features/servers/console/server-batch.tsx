import { ArrowLeftRight, Eye, EyeOff, FolderTree, RefreshCw, SlidersHorizontal, Tag, Trash2 } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { BatchAction, BatchBar } from "#shell/console/batch-bar.tsx";
import { BatchConfigDialog } from "./batch-config-dialog.tsx";
import { BatchGroupDialog, BatchOwnerDialog } from "./batch-dialogs.tsx";
import { BatchTagDialog } from "./batch-tag-dialog.tsx";
import { DeleteServersDialog } from "./delete-servers-dialog.tsx";
import { ForceUpdateDialog } from "./force-update-dialog.tsx";
import type { Action } from "./server-menu.tsx";
import { useVisibility } from "./use-visibility.ts";
import type { ServerRow } from "./server-rows.ts";

/** What is done with all servers that are chosen. */
export function ServerBatch({
  rows,
  onAct,
  onClear,
}: {
  readonly rows: readonly ServerRow[];
  readonly onAct: (kind: Action) => void;
  readonly onClear: () => void;
}) {
  const { t } = useFormats();
  return (
    <BatchBar count={rows.length} onClear={onClear}>
      <BatchAction icon={FolderTree} label={t("servers.group")} onClick={() => onAct("group")} />
      <BatchAction icon={Tag} label={t("tags.label")} onClick={() => onAct("tag")} />
      <Visibility rows={rows} />
      <BatchAction icon={SlidersHorizontal} label={t("servers.config")} onClick={() => onAct("config")} />
      <BatchAction icon={RefreshCw} label={t("servers.update")} onClick={() => onAct("update")} />
      <BatchAction icon={ArrowLeftRight} label={t("servers.owner")} onClick={() => onAct("owner")} />
      <BatchAction icon={Trash2} tone="danger" label={t("servers.delete")} onClick={() => onAct("delete")} />
    </BatchBar>
  );
}

function Visibility({ rows }: { readonly rows: readonly ServerRow[] }) {
  const { t } = useFormats();
  const change = useVisibility();
  const hide = rows.some((row) => row.server.hide_for_guest !== true);
  return (
    <BatchAction icon={hide ? EyeOff : Eye} label={t(hide ? "servers.hide" : "servers.show")} onClick={() => void change(rows, hide)} />
  );
}

/** Asks what an action needs, and does it. */
export function ActionDialog({
  kind,
  ...props
}: {
  readonly kind: Action;
  readonly rows: readonly ServerRow[];
  readonly onClose: () => void;
}) {
  switch (kind) {
    case "delete":
      return <DeleteServersDialog {...props} />;
    case "update":
      return <ForceUpdateDialog {...props} />;
    case "group":
      return <BatchGroupDialog {...props} />;
    case "tag":
      return <BatchTagDialog {...props} />;
    case "owner":
      return <BatchOwnerDialog {...props} />;
    case "config":
      return <BatchConfigDialog {...props} />;
  }
}
