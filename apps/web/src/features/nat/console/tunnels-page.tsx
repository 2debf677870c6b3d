import type { NatProfile } from "@windfire/api";
import { ExternalLink } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import type { Pausing } from "#shell/console/row-menu.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { TunnelEditor } from "./tunnel-editor.tsx";
import { readTunnel, writeTunnel } from "./tunnel-values.ts";

const PAUSING: Pausing<NatProfile> = {
  isOn: ({ enabled }) => enabled,
  set: (api, row, on) => api.patch(`/nat/${row.id}`, writeTunnel({ ...readTunnel(row), enabled: on })),
  stale: ["/nat"],
};

/** Names that lead into servers' networks. */
export function Page() {
  const { t } = useFormats();
  return (
    <ResourcePage
      title={t("nav.nat")}
      list={useList("/nat")}
      columns={useColumns()}
      words={(row) => `${row.domain} ${row.host}`}
      texts={{ add: t("nat.add"), none: t("nat.none"), noneHelp: t("nat.noneHelp") }}
      deleteHelp={t("nat.deleteHelp")}
      remove={{ path: "/batch-delete/nat", stale: ["/nat"] }}
      pausing={PAUSING}
      rowActions={(row) => (
        <a
          href={`//${row.domain}`}
          target="_blank"
          rel="noreferrer"
          className="wf-btn"
          data-kind="quiet"
          data-size="small"
          data-shape="icon"
          aria-label={t("nat.open", { name: row.domain })}
          title={t("nat.open", { name: row.domain })}
        >
          <ExternalLink className="size-4" aria-hidden="true" />
        </a>
      )}
      editor={(place) => <TunnelEditor key={place.row?.id ?? "new"} {...place} />}
    />
  );
}

function useColumns(): Column<NatProfile>[] {
  const { t } = useFormats();
  const names = new Map(useServerRows().rows.map((server) => [server.id, server.name]));
  const nameOf = (row: NatProfile) => names.get(row.server_id) ?? `#${row.server_id}`;
  return [
    {
      key: "domain",
      label: t("nat.domain"),
      cell: (row) => <span className="block max-w-72 truncate font-mono text-xs max-sm:max-w-32">{row.domain}</span>,
      sortBy: (row) => row.domain,
    },
    {
      key: "server",
      label: t("nat.server"),
      className: "wide",
      cell: (row) => <span className="block max-w-48 truncate text-ink-2">{nameOf(row)}</span>,
      sortBy: nameOf,
    },
    {
      key: "host",
      label: t("nat.host"),
      className: "wider",
      cell: (row) => <span className="font-mono text-xs text-ink-2">{row.host}</span>,
      sortBy: (row) => row.host,
    },
    {
      key: "state",
      label: t("nat.state"),
      className: "wide",
      cell: (row) => {
        if (row.blocked !== undefined) {
          return (
            <Chip tone="warn" title={t(`nat.blockedReasons.${row.blocked}`, { defaultValue: row.blocked })}>
              {t("nat.blocked")}
            </Chip>
          );
        }
        return row.enabled ? <Chip tone="ok">{t("nat.enabled")}</Chip> : <Chip>{t("nat.off")}</Chip>;
      },
      sortBy: (row) => Number(row.enabled),
    },
  ];
}
