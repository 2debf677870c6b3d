import { TASK } from "@windfire/protocol";
import { z } from "zod";
import { askFiles, numberAnswer, textAnswer } from "./agent-answer.ts";
import type { AgentToolDeps } from "./agent-tools.ts";
import { absolutePath, flag, flagArgument, integer, objectSchema, onPath, serverIdSchema, withoutEmpty } from "./schema.ts";
import { requireAgent, requirePath } from "./server-access.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

const answer = z.object({ deleted_count: numberAnswer, error: textAnswer });

/** `fs.delete` (spec 40 section 10.8). */
export function fsDelete({ servers, calls }: AgentToolDeps): Tool {
  return tool({
    name: "fs.delete",
    title: "Delete path",
    description: "Deletes a file or directory. A directory that is not empty goes only with recursive.",
    scope: "nezha:server:delete",
    annotations: { readOnlyHint: false, destructiveHint: true },
    args: z.object({ ...onPath, recursive: flagArgument }),
    inputSchema: objectSchema({ server_id: serverIdSchema, path: absolutePath, recursive: flag("With everything in it") }, [
      "server_id",
      "path",
    ]),
    outputSchema: objectSchema({ deleted_count: integer() }, ["deleted_count"]),
    async run({ server_id, path, ...options }, { caller, signal }) {
      const { id: serverId } = requireAgent(servers, caller, server_id);
      requirePath(path);
      const request = { path, ...withoutEmpty(options) };
      const { deleted_count } = await askFiles(calls, { serverId, type: TASK.mcpFsDelete, request, signal }, answer);
      return { deleted_count };
    },
  });
}
