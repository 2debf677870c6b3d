import { TASK } from "@windfire/protocol";
import { z } from "zod";
import { invalid } from "../model.ts";
import { askFiles, flagAnswer, numberAnswer, textAnswer } from "./agent-answer.ts";
import type { AgentToolDeps } from "./agent-tools.ts";
import {
  absolutePath,
  encoding,
  flag,
  integer,
  integerArgument,
  objectSchema,
  onPath,
  serverIdSchema,
  text,
  textArgument,
  withoutEmpty,
} from "./schema.ts";
import { requireAgent, requirePath } from "./server-access.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

const answer = z.object({
  content: textAnswer,
  encoding: textAnswer,
  size: numberAnswer,
  sha256: textAnswer,
  truncated: flagAnswer,
  error: textAnswer,
});

/** `fs.read` (spec 40 section 10.6). */
export function fsRead({ servers, calls }: AgentToolDeps): Tool {
  return tool({
    name: "fs.read",
    title: "Read file",
    description:
      "Reads a file, at most 1 MiB a call: use offset and length for parts of larger ones, or fs.download_url for files of up to 100 MiB.",
    scope: "nezha:server:read",
    annotations: { readOnlyHint: true },
    args: z.object({ ...onPath, offset: integerArgument, length: integerArgument, encoding: textArgument }),
    inputSchema: objectSchema(
      {
        server_id: serverIdSchema,
        path: absolutePath,
        offset: integer("First byte", { minimum: 0 }),
        length: integer("Most bytes", { minimum: 1 }),
        encoding,
      },
      ["server_id", "path"],
    ),
    outputSchema: objectSchema(
      {
        content: text(),
        encoding: text(),
        size: integer("Bytes in content"),
        sha256: text("Of these bytes"),
        truncated: flag("More follows"),
      },
      ["content", "encoding", "size"],
    ),
    async run({ server_id, path, ...options }, { caller, signal }) {
      const { id: serverId } = requireAgent(servers, caller, server_id);
      requirePath(path);
      if (options.offset < 0) throw invalid("offset must be >= 0");
      if (options.length < 0) throw invalid("length must be >= 0");
      const request = { path, ...withoutEmpty(options) };
      const {
        content,
        encoding: written,
        size,
        sha256,
        truncated,
      } = await askFiles(calls, { serverId, type: TASK.mcpFsRead, request, signal }, answer);
      return { content, encoding: written, size, ...withoutEmpty({ sha256, truncated }) };
    },
  });
}
