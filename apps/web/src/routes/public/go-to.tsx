import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { STORAGE_KEYS } from "#lib/storage.ts";
import { useApp } from "#shell/app-context.tsx";
import { useHasPlaces, useServerIds } from "#shell/live-hooks.ts";
import { stringifySearch } from "#shell/navigation.ts";
import { PaletteDialog } from "#shell/palette/palette-dialog.tsx";
import type { PaletteEntry } from "#shell/palette/palette-model.ts";
import { usePublicSite, useSignedIn } from "#shell/public-data.tsx";
import { useGo } from "#shell/public-router-context.ts";
import { useResource } from "#shell/resource-hook.ts";
import { systemName } from "#features/servers/shared/system-name.ts";

/** Goes to a server, a group, a service or a page by name; the servers are those of the newest values, also when the connection is lost. */
export function GoTo({ onClose }: { readonly onClose: () => void }) {
  const { t } = useFormats();
  const go = useGo();
  return (
    <PaletteDialog
      entries={useEntries()}
      placeholder={t("palette.placeholder")}
      remembered={STORAGE_KEYS.recentPublicPlaces}
      onOpen={({ to, search }) => (to.startsWith("/dashboard/") ? location.assign(to) : go(to + stringifySearch(search)))}
      onClose={onClose}
    />
  );
}

function useEntries(): readonly PaletteEntry[] {
  const { t, country } = useFormats();
  const { store } = useApp().live;
  const site = usePublicSite();
  const groups = useResource(site.groups).data;
  const services = useResource(site.services).data?.services;
  const signedIn = useSignedIn();
  const hasPlaces = useHasPlaces();
  const ids = useServerIds();
  return useMemo(() => {
    const page = (name: string, to: string): PaletteEntry => ({ kind: "page", name, aside: "", to, search: {} });
    const named = Object.entries(services ?? {});
    return [
      page(t("nav.servers"), "/"),
      ...(named.length === 0 ? [] : [page(t("nav.services"), "/service")]),
      ...(hasPlaces ? [page(t("nav.map"), "/map")] : []),
      page(t("nav.wall"), "/wall"),
      page(t(signedIn ? "nav.console" : "nav.signIn"), "/dashboard/"),
      ...(groups ?? []).map(({ group }): PaletteEntry => ({
        kind: "group",
        name: group.name,
        aside: "",
        to: "/",
        search: { group: group.name },
      })),
      // Names and places do not change while somebody looks for one.
      ...ids.flatMap((id): PaletteEntry[] => {
        const server = store.server(id);
        if (server === undefined) return [];
        const aside = [country(server.country), systemName(server.host)].filter((part) => part !== "").join(", ");
        return [{ kind: "server", name: server.name, aside, to: `/server/${id}`, search: {} }];
      }),
      ...named.map(([id, { service_name: name }]): PaletteEntry => ({
        kind: "service",
        name: name ?? "",
        aside: "",
        to: `/service/${id}`,
        search: {},
      })),
    ];
  }, [t, country, store, ids, groups, services, signedIn, hasPlaces]);
}
