import { z } from "zod";
import type { ServerDirectory } from "#features/servers";
import { formatInstant } from "#kernel";
import { integer, moment, objectSchema, onServer, serverIdSchema, text } from "./schema.ts";
import { requireSeenServer } from "./server-access.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

const open = { type: "object" };

/** `server.get` (spec 40 section 10.3): also for servers that are offline. */
export function serverGet(deps: { readonly servers: Pick<ServerDirectory, "get"> }): Tool {
  return tool({
    name: "server.get",
    title: "Server details",
    description: "Tells everything known about one server: its settings, its hardware and system, and its latest readings.",
    scope: "nezha:server:read",
    annotations: { readOnlyHint: true },
    args: z.object(onServer),
    inputSchema: objectSchema({ server_id: serverIdSchema }, ["server_id"]),
    outputSchema: objectSchema(
      {
        id: integer(),
        name: text(),
        uuid: text(),
        note: text(),
        public_note: text(),
        host: open,
        state: open,
        geoip: open,
        last_active: moment(),
      },
      ["id"],
    ),
    run({ server_id }, { caller }) {
      const server = requireSeenServer(deps.servers, caller, server_id);
      const { id, name, uuid, note, publicNote } = server.settings;
      return {
        id,
        name,
        uuid,
        note,
        public_note: publicNote,
        host: JSON.parse(server.hostJson(false)) as object,
        state: JSON.parse(server.stateJson) as object,
        geoip: JSON.parse(server.geoJson) as object,
        last_active: formatInstant(server.lastActive),
      };
    },
  });
}
