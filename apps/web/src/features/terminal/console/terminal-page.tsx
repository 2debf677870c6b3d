import { useParams } from "@tanstack/react-router";
import { AArrowDown, AArrowUp, Columns2, Maximize, RadioTower, Rows2 } from "lucide-react";
import { useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { DraftGuard } from "#shell/console/draft-guard.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useServerRows } from "#shell/console/queries.ts";
import { IconButton } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { MOST_PANES } from "./tab-state.ts";
import type { Tab } from "./tab-state.ts";
import { TabRow } from "./tab-row.tsx";
import { TerminalPane } from "./terminal-pane.tsx";
import type { TerminalPhase } from "./terminal-wire.ts";
import { useTabs } from "./use-tabs.ts";
import type { Tabs } from "./use-tabs.ts";

const SMALLEST = 9;
const LARGEST = 28;
const USUAL = 14;

/** Shells in tabs and panes. The address names the server that is written to. */
export function Page() {
  const { t } = useFormats();
  const params: { readonly id?: string } = useParams({ strict: false });
  const servers = useServerRows().rows;
  const tabs = useTabs(Number(params.id));
  const [phases, setPhases] = useState<ReadonlyMap<number, TerminalPhase>>(new Map());
  const [fontSize, setFontSize] = useState(USUAL);
  const [together, setTogether] = useState<number>();
  const area = useRef<HTMLDivElement>(null);
  const inputs = useRef(new Map<number, (text: string) => void>());
  const nameOf = (serverId: number) => servers.find((server) => server.id === serverId)?.name ?? `#${serverId}`;
  const live = tabs.list.flatMap(({ panes }) => panes).filter(({ key }) => phases.get(key) === "open");
  const isTogether = ({ key, panes }: Tab) => together === key && panes.length > 1;
  /** To the shell it was typed in, or to all of its tab. */
  const type = (tab: Tab, paneKey: number, text: string) => {
    for (const { key } of isTogether(tab) ? tab.panes : [{ key: paneKey }]) inputs.current.get(key)?.(text);
  };
  return (
    <>
      <PageBar title={t("nav.terminal")} {...(tabs.pane === undefined ? {} : { aside: nameOf(tabs.pane.serverId) })}>
        <SplitButtons tabs={tabs} together={together} onTogether={setTogether} />
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
        {tabs.list.length === 0 ? <EmptyState title={t("terminal.open")} /> : null}
        {tabs.list.map((tab) => (
          <div key={tab.key} className={tab.key === tabs.shown?.key ? "flex min-h-0 flex-1 flex-col" : "hidden"}>
            {isTogether(tab) ? (
              <p role="status" className="bg-crit px-4 py-1.5 text-sm font-medium text-surface">
                {t("terminal.togetherOn", { count: tab.panes.length })}
              </p>
            ) : null}
            <div
              className="grid min-h-0 flex-1 auto-cols-fr auto-rows-fr gap-px bg-line data-[split=beside]:grid-flow-col data-[together=true]:p-0.5 data-[together=true]:bg-crit max-md:grid-flow-row!"
              data-split={tab.split}
              data-together={isTogether(tab)}
            >
              {tab.panes.map((pane) => (
                <TerminalPane
                  key={pane.key}
                  pane={pane}
                  server={servers.find(({ id }) => id === pane.serverId)}
                  fontSize={fontSize}
                  shown={tab.key === tabs.shown?.key}
                  focused={tab.key === tabs.shown?.key && pane.key === tab.active}
                  onFocus={() => tabs.show(pane)}
                  onClose={tab.panes.length > 1 ? () => tabs.closePane(pane) : undefined}
                  onPhase={(phase) => setPhases((before) => new Map(before).set(pane.key, phase))}
                  onType={(text) => type(tab, pane.key, text)}
                  onInput={(input) => (input === undefined ? inputs.current.delete(pane.key) : inputs.current.set(pane.key, input))}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
      <DraftGuard
        dirty={live.length > 0}
        changed={live.map(({ serverId }) => nameOf(serverId))}
        stays={(path) => path.includes("/terminal/")}
        words={{ title: t("terminal.leaveTitle"), help: t("terminal.leaveHelp"), stay: t("terminal.stay"), verb: t("terminal.leaveVerb") }}
      />
    </>
  );
}

interface SplitProps {
  readonly tabs: Tabs;
  readonly together: number | undefined;
  readonly onTogether: (tab: number | undefined) => void;
}

/** One more shell in the same tab; and, where there are several, what is typed for all of them. */
function SplitButtons({ tabs, together, onTogether }: SplitProps) {
  const { t } = useFormats();
  const { shown } = tabs;
  if (shown === undefined) return null;
  const full = shown.panes.length >= MOST_PANES;
  const on = together === shown.key;
  return (
    <>
      {shown.panes.length > 1 ? (
        <IconButton
          label={t("terminal.together")}
          aria-pressed={on}
          {...(on ? { tone: "danger" } : {})}
          onClick={() => onTogether(on ? undefined : shown.key)}
        >
          <RadioTower className="size-4" aria-hidden="true" />
        </IconButton>
      ) : null}
      <IconButton label={t("terminal.beside")} disabled={full} onClick={() => tabs.split("beside")}>
        <Columns2 className="size-4" aria-hidden="true" />
      </IconButton>
      <span className="max-md:hidden">
        <IconButton label={t("terminal.below")} disabled={full} onClick={() => tabs.split("below")}>
          <Rows2 className="size-4" aria-hidden="true" />
        </IconButton>
      </span>
    </>
  );
}
