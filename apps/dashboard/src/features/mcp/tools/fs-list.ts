import { TASK } from "@windfire/protocol";
import { z } from "zod";
import { askFiles, flagAnswer, numberAnswer, textAnswer } from "./agent-answer.ts";
import type { AgentToolDeps } from "./agent-tools.ts";
import {
  absolutePath,
  arraySchema,
  flag,
  flagArgument,
  integer,
  objectSchema,
  onPath,
  serverIdSchema,
  text,
  withoutEmpty,
} from "./schema.ts";
import { requireAgent, requirePath } from "./server-access.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

const entry = z
  .object({
    name: textAnswer,
    type: textAnswer,
    size: numberAnswer,
    mode: textAnswer,
    mtime: numberAnswer,
    is_symlink: flagAnswer,
    link_target: textAnswer,
  })
  .transform(({ is_symlink, link_target, ...always }) => ({ ...always, ...withoutEmpty({ is_symlink, link_target }) }));

const answer = z.object({
  entries: z
    .array(entry)
    .nullish()
    .transform((value) => value ?? []),
  truncated: flagAnswer,
  total: numberAnswer,
  error: textAnswer,
});

const entrySchema = objectSchema(
  {
    name: text(),
    type: text("file, dir, symlink or special"),
    size: integer(),
    mode: text(),
    mtime: integer("Unix seconds"),
    is_symlink: flag(),
    link_target: text(),
  },
  ["name", "type", "size", "mode", "mtime"],
);

/** `fs.list` (spec 40 section 10.5). */
export function fsList({ servers, calls }: AgentToolDeps): Tool {
  return tool({
    name: "fs.list",
    title: "List directory",
    description: "Lists what is in a directory, at most 5000 entries, in no order.",
    scope: "nezha:server:read",
    annotations: { readOnlyHint: true },
    args: z.object({ ...onPath, show_hidden: flagArgument }),
    inputSchema: objectSchema({ server_id: serverIdSchema, path: absolutePath, show_hidden: flag("Also names that begin with a dot") }, [
      "server_id",
      "path",
    ]),
    outputSchema: objectSchema({ entries: arraySchema(entrySchema), truncated: flag(), total: integer() }, ["entries"]),
    async run({ server_id, path, ...options }, { caller, signal }) {
      const { id: serverId } = requireAgent(servers, caller, server_id);
      requirePath(path);
      const request = { path, ...withoutEmpty(options) };
      const { entries, truncated, total } = await askFiles(calls, { serverId, type: TASK.mcpFsList, request, signal }, answer);
      return { entries, ...withoutEmpty({ truncated, total }) };
    },
  });
}
