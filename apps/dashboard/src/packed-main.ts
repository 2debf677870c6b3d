import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCodeCache } from "./code-cache.ts";
import type { run as Run } from "./program.ts";
import { tuneRuntime } from "./runtime.ts";

/** `main.ts` of the pack: `program.ts` is a file of its own there, made by `build.ts`. */
const compiled = tuneRuntime(process.env);
const code = createCodeCache(compiled && join(compiled, "program"));
const { run } = code.load(fileURLToPath(new URL("./program.cjs", import.meta.url))) as { run: typeof Run };
await run(code.keep);
