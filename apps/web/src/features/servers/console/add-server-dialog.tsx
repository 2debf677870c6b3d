import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useProfile, useSetting } from "#shell/console/queries.ts";
import { useServers } from "#shell/live-hooks.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { systemName } from "../shared/system-name.ts";
import { installCommand, SYSTEMS } from "./install-command.ts";
import type { System } from "./install-command.ts";

const MASK = "••••••••••••••••";

/** The command that makes a host a server, and a live word when it has connected. With `uuid` it re-installs a known server. */
export function AddServerDialog({ uuid, onClose }: { readonly uuid: string | undefined; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [system, setSystem] = useState<System>("linux");
  const setting = useSetting();
  const profile = useProfile();
  const server = setting?.config.install_host ?? "";
  const options = { server, tls: setting?.config.tls === true, secret: profile?.agent_secret ?? "", uuid };
  return (
    <Dialog
      title={t("install.title")}
      wide
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("action.done")}
        </Button>
      }
    >
      {setting === undefined || profile === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : server === "" ? (
        <Note state="warn" title={t("install.noHost")}>
          {profile.role === 0 ? <Link to="/settings">{t("install.noHostAdmin")}</Link> : t("install.noHostMember")}
        </Note>
      ) : (
        <>
          <Segmented
            label={t("install.system")}
            className="justify-self-start"
            value={system}
            onChange={setSystem}
            segments={SYSTEMS.map((value) => ({ value, label: t(`install.systems.${value}`) }))}
          />
          <p className="text-ink-2">{t(`install.help.${system}`)}</p>
          <CopyField
            label={t("install.command")}
            text={installCommand(system, options)}
            shown={installCommand(system, options).replaceAll(options.secret, MASK)}
          />
          <p className="text-sm text-ink-3">{t("install.secret", { name: profile.username })}</p>
          <Arrivals />
        </>
      )}
    </Dialog>
  );
}

/** Servers that appeared while the dialog was open. */
function Arrivals() {
  const { t } = useFormats();
  const servers = useServers();
  const known = useRef<ReadonlySet<number> | undefined>(undefined);
  known.current ??= servers.length === 0 ? undefined : new Set(servers.map((record) => record.id));
  const arrived = servers.filter((record) => known.current?.has(record.id) === false);
  if (arrived.length === 0) {
    return (
      <Note state="waiting" title={t("install.waiting")}>
        {t("install.waitingHelp")}
      </Note>
    );
  }
  return arrived.map((record) => (
    <Note
      key={record.id}
      state="up"
      title={t("install.connected", { name: record.name })}
      action={
        <Link to="/servers" search={{ s: String(record.id) }}>
          {t("servers.open")}
        </Link>
      }
    >
      {systemName(record.host)}
    </Note>
  ));
}
