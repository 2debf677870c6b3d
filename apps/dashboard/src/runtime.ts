import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { deferHotCode } from "./hot-code.ts";

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/windfire/", import.meta.url));

/**
 * Settles how this process and its threads use memory. To be called before anything else is loaded.
 *
 * - The young generation stays as small as it begins (1 MB): most of what a report leaves behind is garbage at once, and the runtime's
 *   own choice, up to 64 MB, is never given back.
 * - Nothing is compiled for being hot before there is work (`hot-code.ts`).
 * - Modules are kept compiled, types stripped, beside the installed packages, for the next start. Threads find the folder in the
 *   environment; where it cannot be written, everything works from the sources.
 *
 * @returns the folder that modules are kept in; `undefined` where none can be
 */
export function tuneRuntime(env: NodeJS.ProcessEnv): string | undefined {
  setFlagsFromString("--semi-space-growth-factor=1");
  deferHotCode();
  const { directory } = enableCompileCache(env["NODE_COMPILE_CACHE"] ?? CACHE);
  if (directory !== undefined) env["NODE_COMPILE_CACHE"] = directory;
  return directory;
}
