import type { DdnsProfile } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { ProfileEditor } from "./profile-editor.tsx";

/** DNS records that follow the addresses of servers. */
export function Page() {
  const { t } = useFormats();
  return (
    <ResourcePage
      title={t("nav.ddns")}
      list={useList("/ddns")}
      columns={useColumns()}
      words={(row) => `${row.provider} ${(row.domains ?? []).join(" ")}`}
      texts={{ add: t("ddns.add"), none: t("ddns.none"), noneHelp: t("ddns.noneHelp") }}
      deleteHelp={t("ddns.deleteHelp")}
      remove={{ path: "/batch-delete/ddns", stale: ["/ddns"] }}
      editor={(place) => <ProfileEditor key={place.row?.id ?? "new"} {...place} />}
    />
  );
}

function useColumns(): Column<DdnsProfile>[] {
  const { t } = useFormats();
  const servers = useServerRows().rows;
  const users = (row: DdnsProfile) =>
    servers.filter((server) => server.enable_ddns === true && server.ddns_profiles?.includes(row.id) === true).map((server) => server.name);
  return [
    {
      key: "provider",
      label: t("ddns.provider"),
      className: "wide",
      cell: (row) => <span className="text-ink-2">{t(`ddns.providers.${row.provider}`, { defaultValue: row.provider })}</span>,
      sortBy: (row) => row.provider,
    },
    {
      key: "domains",
      label: t("ddns.domains"),
      cell: (row) => (
        <span className="block max-w-80 truncate font-mono text-xs text-ink-2 max-sm:max-w-32" title={(row.domains ?? []).join(", ")}>
          {(row.domains ?? []).join(", ")}
        </span>
      ),
      sortBy: (row) => (row.domains ?? []).join(" "),
    },
    {
      key: "families",
      label: t("ddns.records"),
      className: "wider",
      cell: (row) => (
        <span className="inline-flex gap-1">
          {row.enable_ipv4 === true ? <Chip tone="line">A</Chip> : null}
          {row.enable_ipv6 === true ? <Chip tone="line">AAAA</Chip> : null}
        </span>
      ),
    },
    {
      key: "servers",
      label: t("nav.servers"),
      className: "wider",
      cell: (row) => <span className="block max-w-64 truncate text-ink-2">{users(row).join(", ") || "–"}</span>,
    },
  ];
}
