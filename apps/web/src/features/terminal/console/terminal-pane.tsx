import type { Server } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { Folder, X } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { IconButton } from "#ui/button.tsx";
import { Flag } from "#ui/flag.tsx";
import type { Pane } from "./tab-state.ts";
import { TerminalScreen } from "./terminal-screen.tsx";
import type { ScreenProps } from "./terminal-screen.tsx";

interface PaneProps extends Omit<ScreenProps, "serverId" | "name"> {
  readonly pane: Pane;
  readonly server: Server | undefined;
  readonly onFocus: () => void;
  /** Left out where it is the only one: its tab is closed then. */
  readonly onClose: (() => void) | undefined;
}

/** One shell under the line that says all the time whose it is. */
export function TerminalPane({ pane, server, onFocus, onClose, ...screen }: PaneProps) {
  const { t, country } = useFormats();
  const name = server?.name ?? `#${pane.serverId}`;
  const code = server?.geoip.country_code ?? "";
  return (
    <div
      className="grid min-h-0 min-w-0 grid-rows-[auto_minmax(0,1fr)] outline-offset-[-2px] data-[active=true]:outline-2 data-[active=true]:outline-focus"
      data-active={screen.focused && onClose !== undefined}
      onFocusCapture={onFocus}
    >
      <p className="flex min-h-9 items-center gap-2 border-b border-line bg-warn-soft px-4 py-1 text-sm">
        <Flag code={code} name={country(code)} />
        <b className="truncate">{name}</b>
        <span className="truncate font-mono text-xs text-ink-2">{server?.geoip.ip.ipv4_addr ?? server?.geoip.ip.ipv6_addr}</span>
        <span className="flex-1" />
        {onClose === undefined ? <span className="text-ink-2 max-lg:hidden">{t("terminal.leave")}</span> : null}
        <Link to="/files/$id" params={{ id: String(pane.serverId) }} className="inline-flex items-center gap-1">
          <Folder className="size-4" aria-hidden="true" />
          {t("terminal.files")}
        </Link>
        {onClose === undefined ? null : (
          <IconButton label={t("terminal.closePane", { name })} onClick={onClose}>
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        )}
      </p>
      <TerminalScreen serverId={pane.serverId} name={name} {...screen} />
    </div>
  );
}
