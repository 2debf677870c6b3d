import { ChevronDown, ChevronUp } from "lucide-react";
import { useRef } from "react";
import { useFormats } from "#lib/formats.ts";
import { Changing, useMay } from "#shell/console/rights.tsx";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Drawer } from "#ui/dialog.tsx";
import { Flag } from "#ui/flag.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { useCurrentInSight } from "#ui/use-current-in-sight.ts";
import { healthWord } from "../shared/health-words.ts";
import { ServerAgent } from "./server-agent.tsx";
import { ServerHistory } from "./server-history.tsx";
import { ServerOverview } from "./server-overview.tsx";
import { ServerPlan } from "./server-plan.tsx";
import type { ServerRow } from "./server-rows.ts";
import { ServerSettings } from "./server-settings.tsx";

const TABS = ["overview", "settings", "plan", "agent", "history"] as const;
type Tab = (typeof TABS)[number];
/** What there is for those who only read. */
const READ_TABS: readonly Tab[] = ["overview", "history"];

interface DrawerProps {
  readonly row: ServerRow;
  /** The list the drawer was opened from, for previous and next. */
  readonly ids: readonly number[];
  readonly onDelete: () => void;
}

export function ServerDrawer({ row, ids, onDelete }: DrawerProps) {
  const { t, country } = useFormats();
  const [search, change] = useSearchState();
  const { server, health } = row;
  const tabs = useMay("change") ? TABS : READ_TABS;
  const tab = oneOf(search["t"], tabs) ?? "overview";
  const at = ids.indexOf(server.id);
  const goto = (id: number | undefined) => (id === undefined ? undefined : change({ s: String(id) }));
  const code = server.geoip.country_code ?? "";
  return (
    <Drawer
      name={server.name}
      onClose={() => change({ s: "", t: "", days: "" })}
      title={
        <>
          <StateIcon state={health} label={healthWord(t, health)} />
          <h2 className="truncate text-lg">{server.name}</h2>
          <Flag code={code} name={country(code)} />
        </>
      }
      actions={
        <>
          <IconButton data-key="previous" label={t("drawer.previous")} disabled={at <= 0} onClick={() => goto(ids[at - 1])}>
            <ChevronUp className="size-4" aria-hidden="true" />
          </IconButton>
          <IconButton
            data-key="next"
            label={t("drawer.next")}
            disabled={at === -1 || at === ids.length - 1}
            onClick={() => goto(ids[at + 1])}
          >
            <ChevronDown className="size-4" aria-hidden="true" />
          </IconButton>
        </>
      }
      tabs={<DrawerTabs tabs={tabs} tab={tab} />}
      {...(tab === "overview" ? { footer: <OverviewFooter row={row} onDelete={onDelete} /> } : {})}
    >
      {tab === "overview" ? <ServerOverview row={row} /> : null}
      {tab === "settings" ? <ServerSettings server={server} /> : null}
      {tab === "plan" ? <ServerPlan server={server} /> : null}
      {tab === "history" ? <ServerHistory server={server} /> : null}
      {tab === "agent" ? <ServerAgent server={server} /> : null}
    </Drawer>
  );
}

function DrawerTabs({ tabs, tab }: { readonly tabs: readonly Tab[]; readonly tab: Tab }) {
  const { t } = useFormats();
  const [, change] = useSearchState();
  const ref = useRef<HTMLElement>(null);
  useCurrentInSight(ref, tab);
  return (
    <nav ref={ref} aria-label={t("drawer.sections")} className="wf-tabs">
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={name === tab ? "page" : undefined}
          onClick={() => change({ t: name === "overview" ? "" : name })}
        >
          {t(`drawer.${name}`)}
        </button>
      ))}
    </nav>
  );
}

function OverviewFooter({ row, onDelete }: { readonly row: ServerRow; readonly onDelete: () => void }) {
  const { t } = useFormats();
  const [, change] = useSearchState();
  return (
    <>
      <a href={`/server/${row.server.id}`} className="wf-btn">
        {t("servers.charts")}
      </a>
      <Changing>
        <Button onClick={() => change({ add: row.server.uuid ?? "1", s: "" })}>{t("install.again")}</Button>
        <span className="flex-1" />
        <Button kind="quiet" tone="danger" onClick={onDelete}>
          {t("servers.deleteOne")}
        </Button>
      </Changing>
    </>
  );
}
