import { Lock } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { Chip } from "#ui/chip.tsx";
import { Flag } from "#ui/flag.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { healthWord } from "../shared/health-words.ts";
import type { ServerActions } from "./server-menu.tsx";
import type { ServerRow } from "./server-rows.ts";

/** How a server fares, where it is, and its name, which opens it. */
export function NameCell({ row, onOpen }: Pick<ServerActions, "onOpen"> & { readonly row: ServerRow }) {
  const { t, time, country } = useFormats();
  const { store } = useApp().live;
  const { server, live, health } = row;
  const code = server.geoip.country_code ?? "";
  const seen = live?.lastSeen;
  return (
    <span className="flex items-center gap-2">
      <StateIcon state={health} label={healthWord(t, health)} />
      <Flag code={code} name={country(code)} />
      <button
        type="button"
        className="max-w-56 truncate font-medium hover:underline max-2xl:max-w-44 max-sm:max-w-32"
        title={server.name}
        onClick={() => onOpen(server.id)}
      >
        {server.name}
      </button>
      {server.hide_for_guest === true ? (
        <span role="img" aria-label={t("servers.view.hidden")} title={t("servers.view.hidden")} className="text-ink-3">
          <Lock className="size-3.5" aria-hidden="true" />
        </span>
      ) : null}
      {health === "offline" && seen !== undefined ? (
        <span className="max-sm:hidden">
          <Chip>{time.duration(store.serverNow() - seen)}</Chip>
        </span>
      ) : null}
    </span>
  );
}
