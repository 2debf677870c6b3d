import { z } from "zod";
import { seesServerInFull } from "#access/policy";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { formatInstant } from "#kernel";
import { arraySchema, flag, flagArgument, integer, moment, objectSchema, text, withoutEmpty } from "./schema.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

/** A server whose last state is older counts as offline. */
const ONLINE_MS = 30_000;

const item = objectSchema(
  {
    id: integer(),
    name: text(),
    uuid: text(),
    ipv4: text(),
    ipv6: text(),
    online: flag(),
    platform: text(),
    arch: text(),
    last_active: moment(),
  },
  ["id", "name", "online"],
);

/** `server.list` (spec 40 section 10.2). */
export function serverList(deps: { readonly servers: Pick<ServerDirectory, "list">; readonly now: () => number }): Tool {
  return tool({
    name: "server.list",
    title: "List servers",
    description: "Lists the servers that this token may use, one short record each. server.get tells everything about one of them.",
    scope: "nezha:inventory:read",
    annotations: { readOnlyHint: true },
    args: z.object({ online_only: flagArgument }),
    inputSchema: objectSchema({ online_only: flag("Only servers that have reported within the last 30 seconds") }),
    outputSchema: objectSchema({ servers: arraySchema(item), count: integer() }, ["servers", "count"]),
    run({ online_only }, { caller }) {
      const now = deps.now();
      const visible = deps.servers.list().filter((server) => seesServerInFull(caller, server.settings));
      const servers = visible.map((server) => shortRecord(server, now)).filter(({ online }) => online || !online_only);
      return { servers, count: servers.length };
    },
  });
}

function shortRecord(server: LiveServer, now: number) {
  const { id, name, uuid } = server.settings;
  const { ipv4, ipv6 } = server.address;
  return {
    id,
    name,
    ...withoutEmpty({ uuid, ipv4, ipv6 }),
    online: server.lastActive !== 0 && now - server.lastActive < ONLINE_MS,
    ...withoutEmpty({ platform: server.host?.platform, arch: server.host?.arch }),
    last_active: formatInstant(server.lastActive),
  };
}
