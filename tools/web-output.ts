import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WEB = fileURLToPath(new URL("../apps/web", import.meta.url));

/** The two halves of the web output (design: one source tree, built twice), named as Vite's modes. */
export const HALVES = ["public", "console"] as const;

const FIRST_SCREEN = "first-screen";

/** Whether all of it lies ready. */
export function webOutputExists(web = WEB): boolean {
  const files = [...HALVES.map((half) => join(half, "index.html")), join(FIRST_SCREEN, "first-screen.js")];
  return files.every((file) => existsSync(join(web, "dist", file)));
}

/** Builds both halves and what draws the first screen, one after the other. Throws when Vite is not installed or a build fails; Vite has said why on stderr. */
export async function buildWebOutput(web = WEB): Promise<void> {
  const vite = vitePath(web);
  for (const mode of [...HALVES, FIRST_SCREEN]) {
    const args = [vite, "build", "--mode", mode, "--logLevel", "warn"];
    // Whatever the caller runs as: what is built under another name holds React's checks for developers, and asks each route twice.
    const env = { ...process.env, NODE_ENV: "production" };
    const child = spawn(process.execPath, args, { cwd: web, env, stdio: "inherit" });
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (code !== 0) throw new Error(`building the web in mode ${mode} ended with ${code ?? signal}`);
  }
}

/** Vite's program, from where the web workspace finds it. Throws when it is not installed. */
export function vitePath(web = WEB): string {
  const manifest = createRequire(join(web, "package.json")).resolve("vite/package.json");
  return join(dirname(manifest), "bin", "vite.js");
}

/** Folder of the web workspace. */
export { WEB as webFolder };
