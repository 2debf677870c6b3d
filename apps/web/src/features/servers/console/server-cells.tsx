import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useRing } from "#shell/live-hooks.ts";
import { Chip } from "#ui/chip.tsx";
import { Flag } from "#ui/flag.tsx";
import { Sparkline } from "#ui/sparkline.tsx";
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
      <button type="button" className="max-w-56 truncate font-medium hover:underline max-sm:max-w-32" onClick={() => onOpen(server.id)}>
        {server.name}
      </button>
      {health === "offline" && seen !== undefined ? (
        <span className="max-sm:hidden">
          <Chip>{time.duration(store.serverNow() - seen)}</Chip>
        </span>
      ) : null}
    </span>
  );
}

/** What went in and out lately, together. */
export function NetworkCell({ id }: { readonly id: number }) {
  const { ring } = useRing(id);
  const down = ring?.values("netIn") ?? [];
  const up = ring?.values("netOut") ?? [];
  return <Sparkline values={down.map((value, i) => value + (up[i] ?? 0))} className="h-4.5 w-18" />;
}
