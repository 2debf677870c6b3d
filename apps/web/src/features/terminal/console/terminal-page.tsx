import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { AArrowDown, AArrowUp, Folder, Maximize, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { DraftGuard } from "#shell/console/draft-guard.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useServerRows } from "#shell/console/queries.ts";
import { IconButton } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Flag } from "#ui/flag.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { closeTab, NO_TABS, openTab, showServer, shownTab } from "./tab-state.ts";
import type { Tab, TabState } from "./tab-state.ts";
import { TerminalScreen } from "./terminal-screen.tsx";
import type { TerminalPhase } from "./terminal-wire.ts";

const SMALLEST = 9;
const LARGEST = 28;
const USUAL = 14;

/** Shells in tabs. The address names the server of the tab that is shown. */
export function Page() {
  const { t, country } = useFormats();
  const params: { readonly id?: string } = useParams({ strict: false });
  const id = Number(params.id);
  const servers = useServerRows().rows;
  const tabs = useTabs(id);
  const [phases, setPhases] = useState<ReadonlyMap<number, TerminalPhase>>(new Map());
  const [fontSize, setFontSize] = useState(USUAL);
  const area = useRef<HTMLDivElement>(null);
  const nameOf = (serverId: number) => servers.find((server) => server.id === serverId)?.name ?? `#${serverId}`;
  const shown = servers.find((server) => server.id === tabs.shown?.serverId);
  const live = tabs.list.filter((tab) => phases.get(tab.key) === "open");
  return (
    <>
      <PageBar title={t("nav.terminal")} {...(shown === undefined ? {} : { aside: shown.name })}>
        <IconButton label={t("terminal.smaller")} onClick={() => setFontSize(Math.max(SMALLEST, fontSize - 1))}>
          <AArrowDown className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label={t("terminal.larger")} onClick={() => setFontSize(Math.min(LARGEST, fontSize + 1))}>
          <AArrowUp className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label={t("terminal.full")} onClick={() => void area.current?.requestFullscreen()}>
          <Maximize className="size-4" aria-hidden="true" />
        </IconButton>
      </PageBar>
      <div
        ref={area}
        className="flex h-[calc(100dvh-6.5rem)] min-h-80 flex-col overflow-hidden rounded-card border border-line bg-surface max-md:h-[calc(100dvh-9.5rem)]"
      >
        <TabRow tabs={tabs} phases={phases} nameOf={nameOf} />
        {shown === undefined ? null : (
          <p className="flex items-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-sm">
            <Flag code={shown.geoip.country_code ?? ""} name={country(shown.geoip.country_code ?? "")} />
            <b className="truncate">{shown.name}</b>
            <span className="truncate font-mono text-xs text-ink-2">{shown.geoip.ip.ipv4_addr ?? shown.geoip.ip.ipv6_addr}</span>
            <span className="flex-1" />
            <span className="text-ink-2 max-lg:hidden">{t("terminal.leave")}</span>
            <Link to="/files/$id" params={{ id: String(shown.id) }} className="inline-flex items-center gap-1">
              <Folder className="size-4" aria-hidden="true" />
              {t("terminal.files")}
            </Link>
          </p>
        )}
        {tabs.list.length === 0 ? <EmptyState title={t("terminal.open")} /> : null}
        {tabs.list.map((tab) => (
          <TerminalScreen
            key={tab.key}
            serverId={tab.serverId}
            name={nameOf(tab.serverId)}
            fontSize={fontSize}
            shown={tab.key === tabs.shown?.key}
            onPhase={(phase) => setPhases((before) => new Map(before).set(tab.key, phase))}
          />
        ))}
      </div>
      <DraftGuard
        dirty={live.length > 0}
        changed={live.map((tab) => nameOf(tab.serverId))}
        stays={(path) => path.includes("/terminal/")}
        words={{ title: t("terminal.leaveTitle"), help: t("terminal.leaveHelp"), stay: t("terminal.stay"), verb: t("terminal.leaveVerb") }}
      />
    </>
  );
}

interface Tabs {
  readonly list: readonly Tab[];
  readonly shown: Tab | undefined;
  open(serverId: number): void;
  show(tab: Tab): void;
  close(tab: Tab): void;
}

/** Tabs follow the address: a server that has none yet gets one. */
function useTabs(id: number): Tabs {
  const navigate = useNavigate();
  const [state, setState] = useState(NO_TABS);
  useEffect(() => setState((before) => showServer(before, id)), [id]);
  const shown = shownTab(state);
  const goTo = (next: TabState) => {
    setState(next);
    const serverId = shownTab(next)?.serverId;
    if (serverId !== undefined && serverId !== id) void navigate({ to: "/terminal/$id", params: { id: String(serverId) }, replace: true });
  };
  return {
    list: state.list,
    shown,
    open: (serverId) => goTo(openTab(state, serverId)),
    show: (tab) => goTo({ ...state, shown: tab.key }),
    close: (tab) => goTo(closeTab(state, tab.key)),
  };
}

interface TabRowProps {
  readonly tabs: Tabs;
  readonly phases: ReadonlyMap<number, TerminalPhase>;
  readonly nameOf: (serverId: number) => string;
}

function TabRow({ tabs, phases, nameOf }: TabRowProps) {
  const { t } = useFormats();
  const servers = useServerRows().rows;
  return (
    <div className="flex items-center gap-1 overflow-x-auto border-b border-line px-2 py-1.5">
      <div role="tablist" aria-label={t("terminal.tabs")} className="flex gap-1">
        {tabs.list.map((tab) => {
          const phase = phases.get(tab.key) ?? "opening";
          const state = phase === "open" ? "up" : phase === "opening" ? "waiting" : phase === "ended" ? "offline" : "warn";
          return (
            <button
              key={tab.key}
              type="button"
              role="tab"
              data-terminal-tab=""
              aria-selected={tab.key === tabs.shown?.key}
              className="wf-btn flex-none aria-selected:bg-sunken dark:aria-selected:bg-line"
              data-kind="quiet"
              data-size="small"
              onClick={() => tabs.show(tab)}
            >
              <StateIcon state={state} />
              <span className="max-w-40 truncate">{nameOf(tab.serverId)}</span>
            </button>
          );
        })}
      </div>
      {tabs.shown === undefined ? null : (
        <IconButton label={t("terminal.close", { name: nameOf(tabs.shown.serverId) })} onClick={() => tabs.shown && tabs.close(tabs.shown)}>
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
