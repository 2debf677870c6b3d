import type { Host, Sparklines } from "@windfire/api";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useRead } from "#shell/console/queries.ts";
import { useRing } from "#shell/live-hooks.ts";
import { Note } from "#ui/banner.tsx";
import { Chip } from "#ui/chip.tsx";
import { Sparkline } from "#ui/sparkline.tsx";
import { lastHour, TRENDS_MS } from "#wire/trends.ts";
import { troubleText } from "../shared/health-words.ts";
import { NetworkLine } from "../shared/network-line.tsx";
import { systemName } from "../shared/system-name.ts";
import { addressesOf } from "./server-rows.ts";
import type { ServerRow } from "./server-rows.ts";

/** What is wrong, what it is, and how it has been going. */
export function ServerOverview({ row }: { readonly row: ServerRow }) {
  const formats = useFormats();
  const { t, time } = formats;
  const { store } = useApp().live;
  const { server, host, live, health, groups } = row;
  const trouble = live === undefined ? "" : troubleText(formats, live);
  const seen = live?.lastSeen;
  return (
    <>
      {trouble === "" ? null : <Note state={health === "critical" ? "critical" : "warn"} title={trouble} />}
      {health === "offline" ? (
        <Note
          state="offline"
          title={seen === undefined ? t("state.offline") : t("server.offlineSince", { time: time.moment(seen, store.serverNow()) })}
        >
          {t("server.offlineHelp")}
        </Note>
      ) : null}
      <dl className="wf-facts">
        <Fact label={t("column.address")}>
          <span className="font-mono text-xs">{addressesOf(server).join(", ")}</span>
        </Fact>
        <Fact label={t("column.system")}>
          {[systemName(host), host.virtualization?.toUpperCase(), host.arch].filter(Boolean).join(", ")}
        </Fact>
        <Fact label={t("fact.processor")}>{(host.cpu ?? []).join(", ")}</Fact>
        <Fact label={t("column.groups")}>
          <span className="flex flex-wrap gap-1">
            {groups.map((name) => (
              <Chip key={name}>{name}</Chip>
            ))}
          </span>
        </Fact>
        <Fact label={t("tags.label")}>
          {server.tags === undefined ? (
            ""
          ) : (
            <span className="flex flex-wrap gap-1">
              {server.tags.map((tag) => (
                <Chip key={tag}>{tag}</Chip>
              ))}
            </span>
          )}
        </Fact>
        <Fact label={t("column.owner")}>{server.owner.username ?? t("servers.sharedOwner")}</Fact>
        <Fact label={t("column.public")}>{server.hide_for_guest === true ? t("servers.hidden") : t("servers.shown")}</Fact>
        <Fact label={t("column.agent")}>{host.version}</Fact>
        <Fact label={t("fact.rights")}>
          <Rights host={host} />
        </Fact>
        <Fact label={t("fact.uuid")}>
          <span className="font-mono text-xs">{server.uuid}</span>
        </Fact>
        <Fact label={t("fact.note")}>{server.note}</Fact>
      </dl>
      <RecentReadings id={server.id} memory={host.mem_total} />
    </>
  );
}

/** A fact nobody knows is "–". */
function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const empty = children === undefined || children === "";
  return (
    <>
      <dt>{label}</dt>
      <dd className="whitespace-pre-wrap">{empty ? "–" : children}</dd>
    </>
  );
}

/** What the host lets its dashboard do, by agents that say it; official ones do not. */
function Rights({ host }: { readonly host: Host }) {
  const { t, time } = useFormats();
  const { rights } = host;
  if (rights === undefined) return <span className="text-ink-3">{t("fact.rightsUnknown")}</span>;
  if (rights.length === 0) return t("fact.rightsNone");
  return (
    <span className="flex flex-wrap gap-1">
      {rights.map(({ name, until, only }) => (
        <Chip key={name} tone="line" {...(only === undefined ? {} : { title: only.join(", ") })}>
          {until === undefined ? name : t("fact.rightUntil", { name, time: time.dateTime(until * 1000) })}
        </Chip>
      ))}
    </span>
  );
}

function RecentReadings({ id, memory }: { readonly id: number; readonly memory: number | undefined }) {
  const { t } = useFormats();
  return (
    <section>
      <h3 className="mb-2 text-sm">{t("drawer.recent")}</h3>
      <dl className="wf-facts items-center">
        <Fact label={t("metric.cpu")}>
          <MetricLine id={id} metric="cpu" top={100} />
        </Fact>
        <Fact label={t("metric.memory")}>
          <MetricLine id={id} metric="memory" top={memory} />
        </Fact>
        <Fact label={t("column.network")}>
          <NetworkLine id={id} className="h-7 w-full" />
        </Fact>
      </dl>
    </section>
  );
}

interface MetricLineProps {
  readonly id: number;
  readonly metric: "cpu" | "memory";
  /** What is full. */
  readonly top: number | undefined;
}

function MetricLine({ id, metric, top }: MetricLineProps) {
  const { store } = useApp().live;
  const { ring } = useRing(id);
  const { data } = useRead<Sparklines>("/server/sparklines", { metric, id }, { everyMs: TRENDS_MS });
  const values = lastHour(metric, data, ring, id, store.status().frameNow);
  return <Sparkline values={values} {...(top === undefined ? {} : { top })} className="h-7 w-full" />;
}
