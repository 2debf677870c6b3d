import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { SETTING_PLACES } from "#features/settings/console/setting-places.ts";
import { useList, useProfile, useServerRows, useUserNames } from "#shell/console/queries.ts";
import { mayDo } from "#shell/console/rights.tsx";
import type { ConsolePage } from "#shell/console/pages.ts";
import type { PaletteEntry } from "./palette-model.ts";

/** Everything that can be gone to, from lists that the pages use too. */
export function useEntries(pages: readonly ConsolePage[]): readonly PaletteEntry[] {
  const { t } = useFormats();
  const profile = useProfile();
  const servers = useServerRows().rows;
  const services = useList("/service/list").rows;
  const rules = useList("/alert-rule").rows;
  const tasks = useList("/cron").rows;
  const channels = useList("/notification").rows;
  const users = useUserNames();
  return useMemo(() => {
    const [changes, admin] = [mayDo(profile, "change"), mayDo(profile, "administer")];
    const edit = (kind: PaletteEntry["kind"], to: string, rows: readonly { id: number; name: string; target?: string }[]): PaletteEntry[] =>
      rows.map(({ id, name, target }) => ({ kind, name, aside: target ?? "", to, search: { edit: String(id) } }));
    const onHost = (id: number, name: string): PaletteEntry[] => [
      { kind: "terminal", name, aside: t("nav.terminal"), to: `/terminal/${id}`, search: {} },
      { kind: "files", name, aside: t("nav.files"), to: `/files/${id}`, search: {} },
    ];
    const actions: PaletteEntry[] = [
      { kind: "action", name: t("servers.add"), aside: "", to: "/servers", search: { add: "1" } },
      { kind: "action", name: t("services.add"), aside: "", to: "/service", search: { edit: "new" } },
      { kind: "action", name: t("alerts.add"), aside: "", to: "/alert-rule", search: { edit: "new" } },
      { kind: "action", name: t("tasks.add"), aside: "", to: "/cron", search: { edit: "new" } },
    ];
    const hosts = servers.flatMap(({ id, name, geoip }): PaletteEntry[] => {
      const aside = [geoip.ip.ipv4_addr, geoip.ip.ipv6_addr, geoip.country_code].filter((part) => part !== undefined).join(" ");
      return [{ kind: "server", name, aside, to: "/servers", search: { s: String(id) } }, ...(changes ? onHost(id, name) : [])];
    });
    const settings = Object.entries(SETTING_PLACES).map(([field, tab]): PaletteEntry => ({
      kind: "setting",
      name: t(`settings.field.${field}`),
      aside: t(`settings.tab.${tab}`),
      to: "/settings",
      search: { tab },
    }));
    return [
      ...pages
        .filter((page) => !page.path.includes("$") && mayDo(profile, page.needs))
        .map((page): PaletteEntry => ({ kind: "page", name: t(page.label), aside: "", to: page.path, search: {} })),
      ...(changes ? actions : []),
      ...hosts,
      ...edit("service", "/service", services),
      ...edit("rule", "/alert-rule", rules),
      ...edit("task", "/cron", tasks),
      ...edit("channel", "/notification", channels),
      ...(admin
        ? [...users.values()].map((name): PaletteEntry => ({ kind: "user", name, aside: "", to: "/settings/user", search: {} }))
        : []),
      ...(admin ? settings : []),
    ];
  }, [t, pages, profile, servers, services, rules, tasks, channels, users]);
}
