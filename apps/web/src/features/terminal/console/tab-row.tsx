import { X } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { useServerRows } from "#shell/console/queries.ts";
import { IconButton } from "#ui/button.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { activePane } from "./tab-state.ts";
import type { Tab } from "./tab-state.ts";
import type { TerminalPhase } from "./terminal-wire.ts";
import type { Tabs } from "./use-tabs.ts";

interface TabRowProps {
  readonly tabs: Tabs;
  readonly phases: ReadonlyMap<number, TerminalPhase>;
  readonly nameOf: (serverId: number) => string;
}

/** Tabs by the servers of their shells, and the way to one more. */
export function TabRow({ tabs, phases, nameOf }: TabRowProps) {
  const { t } = useFormats();
  const servers = useServerRows().rows;
  const { shown } = tabs;
  const label = ({ panes }: Tab) => [...new Set(panes.map(({ serverId }) => nameOf(serverId)))].join(", ");
  return (
    <div className="flex items-center gap-1 overflow-x-auto border-b border-line px-2 py-1.5">
      <div role="tablist" aria-label={t("terminal.tabs")} className="flex gap-1">
        {tabs.list.map((tab) => {
          const pane = activePane(tab);
          return (
            <button
              key={tab.key}
              type="button"
              role="tab"
              data-terminal-tab=""
              aria-selected={tab.key === shown?.key}
              className="wf-btn flex-none aria-selected:bg-sunken dark:aria-selected:bg-line"
              data-kind="quiet"
              data-size="small"
              onClick={() => (pane === undefined ? undefined : tabs.show(pane))}
            >
              <StateIcon state={stateOf(tab, phases)} />
              <span className="max-w-40 truncate">{label(tab)}</span>
              {tab.panes.length > 1 ? <span className="text-xs text-ink-3">{tab.panes.length}</span> : null}
            </button>
          );
        })}
      </div>
      {shown === undefined ? null : (
        <IconButton label={t("terminal.close", { name: label(shown) })} onClick={() => tabs.close(shown)}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      )}
      <span className="flex-1" />
      <select
        className="wf-input max-w-44 text-sm"
        aria-label={t("terminal.onServer")}
        value=""
        onChange={(event) => tabs.open(Number(event.target.value))}
      >
        <option value="" disabled>
          {t("terminal.open")}
        </option>
        {servers.map((server) => (
          <option key={server.id} value={server.id}>
            {server.name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Of the shells of a tab the one that fares worst. */
function stateOf({ panes }: Tab, phases: TabRowProps["phases"]) {
  const all = panes.map(({ key }) => phases.get(key) ?? "opening");
  if (all.some((phase) => phase === "lost" || phase === "refused")) return "warn";
  if (all.includes("ended")) return "offline";
  return all.includes("opening") ? "waiting" : "up";
}
