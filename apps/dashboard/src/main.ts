import { tuneRuntime } from "./runtime.ts";

tuneRuntime(process.env);
const { run } = await import("./program.ts");
await run();
