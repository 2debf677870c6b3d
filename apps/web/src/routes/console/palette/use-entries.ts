import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { SETTING_PLACES } from "#features/settings/console/setting-places.ts";
import { useList, useProfile, useServerGroups, useServerRows, useUserNames } from "#shell/console/queries.ts";
import { mayDo } from "#shell/console/rights.tsx";
import type { ConsolePage } from "#shell/console/pages.ts";
import type { PaletteEntry } from "#shell/palette/palette-model.ts";

/** Everything that can be gone to, from lists that the pages use too. */
export function useEntries(pages: readonly ConsolePage[]): readonly PaletteEntry[] {
  const { t } = useFormats();
  const profile = useProfile();
  const servers = useServerRows().rows;
  const groups = useServerGroups().rows;
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
    const action = (name: string, to: string, search: PaletteEntry["search"]): PaletteEntry => ({
      kind: "action",
      name,
      aside: "",
      to,
      search,
    });
    const actions = [
      action(t("servers.add"), "/servers", { add: "1" }),
      action(t("services.add"), "/service", { edit: "new" }),
      action(t("alerts.add"), "/alert-rule", { edit: "new" }),
      action(t("snooze.title"), "/snooze", { snooze: "all" }),
      action(t("windows.add"), "/maintenance-window", { edit: "new" }),
      action(t("tasks.add"), "/cron", { edit: "new" }),
      action(t("channels.add"), "/notification", { edit: "new" }),
      action(t("groups.add"), "/server-group", { edit: "new" }),
      action(t("nat.add"), "/nat", { edit: "new" }),
      action(t("ddns.add"), "/ddns", { edit: "new" }),
      action(t("reports.add"), "/report", { edit: "new" }),
    ];
    const hosts = servers.flatMap(({ id, name, geoip, tags = [] }): PaletteEntry[] => {
      const within = groups.filter((group) => group.servers?.includes(id)).map(({ group }) => group.name);
      const words = [...tags, ...within].join(" ");
      const aside = [geoip.ip.ipv4_addr, geoip.ip.ipv6_addr, geoip.country_code].filter((part) => part !== undefined).join(" ");
      return [{ kind: "server", name, aside, words, to: "/servers", search: { s: String(id) } }, ...(changes ? onHost(id, name) : [])];
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
  }, [t, pages, profile, servers, groups, services, rules, tasks, channels, users]);
}
