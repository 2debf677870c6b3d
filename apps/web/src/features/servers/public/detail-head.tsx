import { Link as LinkIcon, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { usePublicSite } from "#shell/public-data.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { Link } from "#shell/public-link.tsx";
import { Button } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { useCopy } from "#ui/copy-field.tsx";
import { Flag } from "#ui/flag.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { healthWord, troubleText } from "../shared/health-words.ts";
import { parsePlan } from "../shared/plan.ts";
import { systemName } from "../shared/system-name.ts";
import { priceText, renewalText } from "../shared/plan-text.tsx";

const TONES = { warn: "warn", critical: "crit", offline: "plain", waiting: "plain", up: "ok" } as const satisfies Record<Health, string>;

const ADMIN = 0;

export function DetailHead({ record }: { readonly record: LiveRecord }) {
  const { t, country } = useFormats();
  const health = healthOf(record);
  const groups = useResource(usePublicSite().groups).data ?? [];
  const group = groups.find(({ servers }) => servers?.includes(record.id))?.group.name;
  const { data: profile } = useResource(usePublicSite().profile);
  // Who may open it in the console is told the version of its agent.
  const mayOpen = profile?.role === ADMIN || (profile !== undefined && profile !== null && record.host.version !== undefined);
  return (
    <header className="grid gap-3 pt-5 pb-4">
      <nav aria-label={t("detail.path")} className="flex items-center gap-2 text-sm text-ink-3">
        <Link to="/" className="text-ink-2">
          {t("nav.servers")}
        </Link>
        {group === undefined ? null : (
          <>
            <span aria-hidden="true">/</span>
            <Link to="/" search={{ group }} className="text-ink-2">
              {group}
            </Link>
          </>
        )}
      </nav>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateIcon state={health} label={healthWord(t, health)} className="size-5.5!" />
        <h1 className="server-name text-2xl tracking-tight wrap-anywhere max-sm:text-[1.375rem]">{record.name}</h1>
        <Flag code={record.country} name={country(record.country)} large />
        {health === "up" ? null : <Trouble record={record} />}
        <span className="flex-1" />
        <CopyLink />
        {mayOpen ? (
          <a href={`/dashboard/servers?s=${record.id}`} className="wf-btn max-sm:hidden" data-size="small">
            <Settings className="size-4" aria-hidden="true" />
            {t("detail.manage")}
          </a>
        ) : null}
      </div>
      <Facts record={record} />
    </header>
  );
}

/** What is wrong, since when. */
function Trouble({ record }: { readonly record: LiveRecord }) {
  const formats = useFormats();
  const { t, time } = formats;
  const { store } = useApp().live;
  const health = healthOf(record);
  const seen = record.lastSeen;
  const offline = seen === undefined ? t("state.offline") : t("server.offlineSince", { time: time.moment(seen, store.serverNow()) });
  const text = health === "offline" ? offline : health === "waiting" ? t("state.waiting") : troubleText(formats, record);
  return text === "" ? null : <Chip tone={TONES[health]}>{text}</Chip>;
}

function CopyLink() {
  const { t } = useFormats();
  const { copied, copy } = useCopy(location.href);
  return (
    <Button size="small" onClick={() => void copy(null)}>
      <LinkIcon className="size-4" aria-hidden="true" />
      <span className="max-sm:sr-only">{copied ? t("action.copied") : t("detail.copyLink")}</span>
    </Button>
  );
}

function Facts({ record }: { readonly record: LiveRecord }) {
  const formats = useFormats();
  const { t, number, time } = formats;
  const { store } = useApp().live;
  const { host } = record;
  const now = store.serverNow();
  const plan = parsePlan(record.note, now);
  const renewal =
    plan === undefined ? "" : [priceText(formats, plan), renewalText(formats, plan)].filter((part) => part !== "").join(" · ");
  const swap =
    (host.swap_total ?? 0) > 0
      ? t("detail.withSwap", { memory: number.bytesShort(host.mem_total ?? 0), swap: number.bytesShort(host.swap_total ?? 0) })
      : number.bytesShort(host.mem_total ?? 0);
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 text-sm max-sm:grid max-sm:grid-cols-2">
      <Fact label={t("column.system")}>
        {[systemName(host), host.virtualization?.toUpperCase()].filter((part) => part !== undefined && part !== "").join(", ")}
      </Fact>
      <Fact label={t("detail.processor")}>{host.cpu?.join(", ")}</Fact>
      <Fact label={t("metric.memory")}>{host.mem_total === undefined ? undefined : swap}</Fact>
      <Fact label={t("metric.disk")}>{host.disk_total === undefined ? undefined : number.bytesShort(host.disk_total)}</Fact>
      <Fact label={t("detail.upSince")}>
        {host.boot_time === undefined || !record.online
          ? undefined
          : t("detail.since", { date: time.date(host.boot_time * 1000, now), time: time.duration((record.state.uptime ?? 0) * 1000) })}
      </Fact>
      <Fact label={t("detail.agent")}>{host.version}</Fact>
      <Fact label={t("column.renews")}>{renewal === "" ? undefined : renewal}</Fact>
    </dl>
  );
}

/** Only facts that are known. */
function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  if (children === undefined || children === "") return null;
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  );
}
