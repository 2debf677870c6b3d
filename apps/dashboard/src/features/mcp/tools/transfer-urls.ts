import { z } from "zod";
import type { ServerDirectory } from "#features/servers";
import { formatInstant } from "#kernel";
import { invalid, McpFailure } from "../model.ts";
import type { TransferUrls, TransferWish } from "../transfer/urls.ts";
import {
  absolutePath,
  flag,
  flagArgument,
  integer,
  integerArgument,
  moment,
  objectSchema,
  onPath,
  serverIdSchema,
  text,
  textArgument,
} from "./schema.ts";
import { requireAgent, requireHash, requirePath } from "./server-access.ts";
import { tool } from "./tool.ts";
import type { Tool, ToolContext } from "./tool.ts";

export interface TransferToolDeps {
  readonly servers: Pick<ServerDirectory, "get">;
  readonly urls: TransferUrls;
}

const DEFAULT_SECONDS = 300;
const LONGEST_SECONDS = 600;
const LONGEST_PATH_BYTES = 4_096;

const common = {
  server_id: serverIdSchema,
  path: absolutePath,
  ttl_seconds: integer("How long the link holds; 300 unless told", { minimum: 30, maximum: LONGEST_SECONDS }),
};
const outputSchema = objectSchema({ url: text(), method: text(), expires_at: moment() }, ["url", "method", "expires_at"]);
const ways = { download: "GET", upload: "POST" } as const;

type Wish = Pick<TransferWish, "direction" | "path"> & Partial<TransferWish> & { readonly server_id: number; readonly ttl_seconds: number };

/** Mints a link after the checks of spec 40 section 10.10; the agent need not be online. */
async function mint(deps: TransferToolDeps, wish: Wish, { caller, linkBase }: ToolContext): Promise<object> {
  const { direction, path, mode = "", createDirs = false, ifMatchSha256 = "" } = wish;
  const { id } = requireAgent(deps.servers, caller, wish.server_id);
  requirePath(path);
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) throw invalid("path too long");
  if (linkBase === undefined) throw new McpFailure("not_configured", "MCP transfer URL host is not an operator-declared dashboard host");
  const seconds = wish.ttl_seconds <= 0 ? DEFAULT_SECONDS : Math.min(wish.ttl_seconds, LONGEST_SECONDS);
  const minted = await deps.urls.mint(
    { direction, path, mode, createDirs, ifMatchSha256, serverId: id, userId: caller.user.id, tokenId: caller.tokenId },
    seconds * 1000,
  );
  if (!minted) throw new McpFailure("rate_limited", "too many unused transfer links of this token");
  return { url: `${linkBase}/mcp/${direction}/${minted.token}`, method: ways[direction], expires_at: formatInstant(minted.expiresAt) };
}

/** `fs.download_url` (spec 40 section 10.9). */
export function downloadUrl(deps: TransferToolDeps): Tool {
  return tool({
    name: "fs.download_url",
    title: "Download link",
    description: "Makes a link that works once, to fetch a file of up to 100 MiB by a plain HTTP GET outside this conversation.",
    scope: "nezha:server:read",
    annotations: { readOnlyHint: true },
    args: z.object({ ...onPath, ttl_seconds: integerArgument }),
    inputSchema: objectSchema(common, ["server_id", "path"]),
    outputSchema,
    run: (args, context) => mint(deps, { direction: "download", ...args }, context),
  });
}

/** `fs.upload_url` (spec 40 section 10.10). */
export function uploadUrl(deps: TransferToolDeps): Tool {
  return tool({
    name: "fs.upload_url",
    title: "Upload link",
    description:
      "Makes a link that works once, to send a file of up to 100 MiB by a plain HTTP POST. Content-Length has to be given; ?sha256= checks " +
      "what arrives. mode, create_dirs and if_match_sha256 hold as in fs.write.",
    scope: "nezha:server:write",
    annotations: { readOnlyHint: false, destructiveHint: true },
    args: z.object({
      ...onPath,
      ttl_seconds: integerArgument,
      mode: textArgument,
      create_dirs: flagArgument,
      if_match_sha256: textArgument,
    }),
    inputSchema: objectSchema(
      {
        ...common,
        mode: text("Permissions as octal text"),
        if_match_sha256: text("64 hex digits"),
        create_dirs: flag("Make missing folders"),
      },
      ["server_id", "path"],
    ),
    outputSchema,
    run({ create_dirs, if_match_sha256, ...args }, context) {
      requireHash(if_match_sha256);
      return mint(deps, { direction: "upload", ...args, createDirs: create_dirs, ifMatchSha256: if_match_sha256 }, context);
    },
  });
}
