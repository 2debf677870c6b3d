import type { Service, ServicesOverview } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { CoverageText } from "#shell/console/fields/coverage-field.tsx";
import { readFlagCoverage } from "#shell/console/fields/coverage.ts";
import { GroupName } from "#shell/console/fields/group-select.tsx";
import { useList, useRead } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { Sparkline } from "#ui/sparkline.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { delaysOf, serviceList } from "../shared/service-model.ts";
import type { ServiceItem } from "../shared/service-model.ts";
import { ServiceEditor } from "./service-editor.tsx";
import { kindOf } from "./service-values.ts";

const EVERY_MS = 10_000;

/** Days before its end from which a certificate is marked. */
const CERTIFICATE_DAYS = 14;

/** Probed targets with their live state. */
export function Page() {
  const { t } = useFormats();
  const list = useList("/service/list");
  const overview = useRead<ServicesOverview>("/service", undefined, { everyMs: EVERY_MS }).data;
  const states = new Map(serviceList(overview).map((item) => [item.id, item]));
  const stateOf = (row: Service) => states.get(row.id)?.state ?? "waiting";
  return (
    <ResourcePage
      title={t("nav.services")}
      list={list}
      columns={useColumns(states)}
      lead={(row) => <StateIcon state={stateOf(row)} label={t(`service.${stateOf(row)}`)} />}
      words={(row) => `${row.target} ${t(`services.kinds.${kindOf(row.type)}`)}`}
      texts={{ add: t("services.add"), none: t("services.none"), noneHelp: t("services.noneHelp") }}
      deleteHelp={t("services.deleteHelp")}
      remove={{ path: "/batch-delete/service", stale: ["/service/list", "/service"] }}
      editor={(place) => <ServiceEditor key={place.row?.id ?? "new"} {...place} />}
    />
  );
}

function useColumns(states: ReadonlyMap<number, ServiceItem>): Column<Service>[] {
  const { t, number, time } = useFormats();
  const measured = (row: Service) => states.get(row.id);
  return [
    {
      key: "target",
      label: t("services.target"),
      className: "wide",
      cell: (row) => (
        <span className="inline-flex items-center gap-2">
          <Chip tone="line">{t(`services.kinds.${kindOf(row.type)}`)}</Chip>
          <span className="max-w-64 truncate font-mono text-xs text-ink-2">{row.target}</span>
        </span>
      ),
      sortBy: (row) => row.target,
    },
    {
      key: "coverage",
      label: t("services.from"),
      className: "wider",
      cell: (row) => <CoverageText value={readFlagCoverage(row.cover, row.skip_servers)} />,
    },
    {
      key: "duration",
      label: t("services.everyShort"),
      className: "end widest",
      cell: (row) => time.duration(row.duration * 1000),
      sortBy: (row) => row.duration,
    },
    {
      key: "uptime",
      label: t("services.uptime"),
      className: "end",
      cell: (row) => {
        const uptime = measured(row)?.uptime;
        return uptime === undefined ? "–" : number.uptime(uptime);
      },
      sortBy: (row) => measured(row)?.uptime ?? -1,
    },
    {
      key: "delay",
      label: t("services.delay"),
      className: "end wide",
      cell: (row) => {
        const delay = measured(row)?.delay;
        return delay === undefined ? "–" : number.milliseconds(delay);
      },
      sortBy: (row) => measured(row)?.delay ?? -1,
    },
    {
      key: "certificate",
      label: t("services.certificate"),
      className: "end widest",
      cell: ({ certificate }) =>
        certificate === undefined ? (
          "–"
        ) : (
          <span className={certificate.days_left < CERTIFICATE_DAYS ? "text-warn-text" : "text-ink-2"} title={certificate.issuer}>
            {certificate.days_left < 0 ? t("tokens.expired") : t("unit.day", { value: number.count(certificate.days_left) })}
          </span>
        ),
      sortBy: ({ certificate }) => certificate?.days_left ?? Number.MAX_SAFE_INTEGER,
    },
    {
      key: "trend",
      label: t("services.trend"),
      className: "widest",
      cell: (row) => <Sparkline values={delaysOf(measured(row)?.days ?? [])} className="h-4.5 w-18" />,
    },
    {
      key: "tell",
      label: t("notify.tell"),
      className: "widest",
      cell: (row) => <GroupName id={row.notification_group_id} />,
    },
  ];
}
