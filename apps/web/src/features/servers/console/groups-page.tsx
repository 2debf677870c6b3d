import type { ServerGroupFormInput } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { MemberGroups } from "#shell/console/member-groups.tsx";
import { useServerGroups, useServerRows } from "#shell/console/queries.ts";
import { addressesOf } from "./server-rows.ts";

/** Server groups: name and members. */
export function Page() {
  const { t } = useFormats();
  const { rows, ...state } = useServerGroups();
  const servers = useServerRows().rows;
  return (
    <MemberGroups
      title={t("nav.groups")}
      list={{ ...state, rows: rows.map(({ group, servers: members }) => ({ id: group.id, name: group.name, members: members ?? [] })) }}
      choices={servers.map((server) => {
        const [address] = addressesOf(server);
        return { id: server.id, name: server.name, ...(address === undefined ? {} : { aside: address }) };
      })}
      kind="server-group"
      body={(name, members): ServerGroupFormInput => ({ name, servers: members })}
      texts={{
        add: t("groups.add"),
        none: t("groups.none"),
        noneHelp: t("groups.noneHelp"),
        members: t("groups.members"),
        deleteHelp: t("groups.deleteHelp"),
      }}
    />
  );
}
