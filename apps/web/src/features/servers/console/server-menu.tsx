import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { MoreMenu } from "#shell/console/more-menu.tsx";
import { Changing } from "#shell/console/rights.tsx";
import { isForbidden } from "./host-rights.ts";
import type { ServerRow } from "./server-rows.ts";

/** What can be done with servers from the list. */
export type Action = "delete" | "update" | "group" | "tag" | "owner" | "config";

/** The same for one of them, and what is done at once. */
export type RowAction = Action | "settings" | "visibility" | "install";

export interface ServerActions {
  readonly onOpen: (id: number) => void;
  readonly onAct: (kind: RowAction, row: ServerRow) => void;
}

/** What can be done with one server, at the end of its row. */
export function ServerMenu({ row, onOpen, onAct }: ServerActions & { readonly row: ServerRow }) {
  const { t } = useFormats();
  const { server, host } = row;
  const now = useApp().live.store.serverNow();
  return (
    <MoreMenu name={server.name}>
      <button type="button" onClick={() => onOpen(server.id)}>
        {t("servers.open")}
      </button>
      <a href={`/server/${server.id}`}>{t("servers.openPublic")}</a>
      <Changing>
        {isForbidden(host, "terminal", now) ? (
          <Locked label={t("nav.terminal")} />
        ) : (
          <Link to="/terminal/$id" params={{ id: String(server.id) }}>
            {t("nav.terminal")}
          </Link>
        )}
        {isForbidden(host, "files", now) ? (
          <Locked label={t("nav.files")} />
        ) : (
          <Link to="/files/$id" params={{ id: String(server.id) }}>
            {t("nav.files")}
          </Link>
        )}
        <hr />
        <button type="button" onClick={() => onAct("settings", row)}>
          {t("drawer.settings")}
        </button>
        <button type="button" onClick={() => onAct("visibility", row)}>
          {t(server.hide_for_guest === true ? "servers.show" : "servers.hide")}
        </button>
        <button type="button" onClick={() => onAct("install", row)}>
          {t("install.again")}
        </button>
        {isForbidden(host, "update", now) ? (
          <Locked label={t("servers.update")} />
        ) : (
          <button type="button" onClick={() => onAct("update", row)}>
            {t("servers.update")}
          </button>
        )}
        <button type="button" onClick={() => onAct("owner", row)}>
          {t("servers.owner")}
        </button>
        <hr />
        <button type="button" data-tone="danger" onClick={() => onAct("delete", row)}>
          {t("servers.deleteOne")}
        </button>
      </Changing>
    </MoreMenu>
  );
}

/** What the host does not permit: there, with the reason. The right is given on the host alone. */
function Locked({ label }: { readonly label: string }) {
  const { t } = useFormats();
  return (
    <button type="button" aria-disabled="true" className="text-ink-3!" title={t("servers.forbiddenHelp")}>
      <Lock className="size-3.5" aria-hidden="true" />
      {t("servers.forbidden", { what: label })}
    </button>
  );
}
