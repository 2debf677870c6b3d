import { TASK } from "@windfire/protocol";
import { z } from "zod";
import { askFiles, numberAnswer, textAnswer } from "./agent-answer.ts";
import type { AgentToolDeps } from "./agent-tools.ts";
import {
  absolutePath,
  encoding,
  flag,
  flagArgument,
  integer,
  objectSchema,
  onPath,
  serverIdSchema,
  text,
  textArgument,
  withoutEmpty,
} from "./schema.ts";
import { requireAgent, requireHash, requirePath } from "./server-access.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

const args = z.object({
  ...onPath,
  content: textArgument,
  encoding: textArgument,
  mode: textArgument,
  if_match_sha256: textArgument,
  create_dirs: flagArgument,
});

/** `fs.write` (spec 40 section 10.7). */
export function fsWrite({ servers, calls }: AgentToolDeps): Tool {
  return tool({
    name: "fs.write",
    title: "Write file",
    description:
      "Writes a whole file in one step, from text or base64. On request only when the file has a known SHA-256, and with the folders above it.",
    scope: "nezha:server:write",
    annotations: { readOnlyHint: false, destructiveHint: true },
    args,
    inputSchema: objectSchema(
      {
        server_id: serverIdSchema,
        path: absolutePath,
        content: text(),
        encoding,
        mode: text("Permissions as octal text; 0644 unless told"),
        if_match_sha256: text("Write only when the file has this SHA-256, 64 hex digits"),
        create_dirs: flag("Make missing folders"),
      },
      ["server_id", "path", "content"],
    ),
    outputSchema: objectSchema({ size: integer(), sha256: text() }, ["size", "sha256"]),
    async run({ server_id, path, content, ...options }, { caller, signal }) {
      const { id: serverId } = requireAgent(servers, caller, server_id);
      requirePath(path);
      requireHash(options.if_match_sha256);
      const request = { path, content, ...withoutEmpty(options) };
      const answer = z.object({ size: numberAnswer, sha256: textAnswer, error: textAnswer });
      const { size, sha256 } = await askFiles(calls, { serverId, type: TASK.mcpFsWrite, request, signal }, answer);
      return { size, sha256 };
    },
  });
}
