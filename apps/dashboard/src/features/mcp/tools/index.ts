import type { ServerDirectory } from "#features/servers";
import type { AgentToolDeps } from "./agent-tools.ts";
import { exec } from "./exec.ts";
import { fsDelete } from "./fs-delete.ts";
import { fsList } from "./fs-list.ts";
import { fsRead } from "./fs-read.ts";
import { fsWrite } from "./fs-write.ts";
import { serverGet } from "./server-get.ts";
import { serverList } from "./server-list.ts";
import { downloadUrl, uploadUrl } from "./transfer-urls.ts";
import type { TransferToolDeps } from "./transfer-urls.ts";
import type { Tool } from "./tool.ts";
import { whoami } from "./whoami.ts";

export type { Tool, ToolContext } from "./tool.ts";

export interface ToolDeps {
  readonly servers: Pick<ServerDirectory, "get" | "list">;
  readonly calls: AgentToolDeps["calls"];
  readonly urls: TransferToolDeps["urls"];
  readonly now: () => number;
  readonly tokenName: (tokenId: number) => string;
}

/** Every tool, in the order in which they are listed (spec 40 section 10). */
export function createTools(deps: ToolDeps): readonly Tool[] {
  return [
    whoami(deps),
    serverList(deps),
    serverGet(deps),
    exec(deps),
    fsList(deps),
    fsRead(deps),
    fsWrite(deps),
    fsDelete(deps),
    downloadUrl(deps),
    uploadUrl(deps),
  ];
}
