import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { terminalFiles } from "./install/terminal-files.ts";
import { packFiles } from "./src/update/bundle.ts";

/**
 * Packs the agent into one file: modules, their source texts and the stripping of types would take a third of the memory
 * that an agent may use. What is rarely needed stays in files of its own.
 */
await build({
  input: fileURLToPath(new URL("./src/main.ts", import.meta.url)),
  platform: "node",
  // Native, and not there on every system.
  external: ["@lydell/node-pty"],
  logLevel: "warn",
  output: {
    dir: fileURLToPath(new URL("./dist", import.meta.url)),
    cleanDir: true,
    format: "cjs",
    minify: true,
    entryFileNames: "agent.cjs",
    chunkFileNames: "[name].cjs",
  },
});

/** What an installed agent is started through; it stays when the agent is replaced, so it needs nothing but itself. */
await build({
  input: fileURLToPath(new URL("./src/launcher.ts", import.meta.url)),
  platform: "node",
  logLevel: "warn",
  output: {
    dir: fileURLToPath(new URL("./dist", import.meta.url)),
    format: "cjs",
    minify: true,
    entryFileNames: "launcher.cjs",
    codeSplitting: false,
  },
});

/** What the install script fetches from a dashboard: all of the files above in one (docs/formats/agent-release.md). */
const dist = new URL("./dist/", import.meta.url);
const names = readdirSync(dist)
  .filter((name) => name.endsWith(".cjs"))
  .toSorted();
writeFileSync(new URL("agent.bundle", dist), packFiles(new Map(names.map((name) => [name, readFileSync(new URL(name, dist))]))));

/** What terminals need, for each Linux whose package is installed here. */
for (const arch of ["x64", "arm64"]) {
  const files = terminalFiles(`linux-${arch}`);
  if (files) writeFileSync(new URL(`terminal-linux-${arch}.bundle`, dist), packFiles(files));
}
