import { startIn } from "./replica-set.ts";

/** One dashboard of several as a process of its own: its folder, and the address of the bus in JSON. Ends with whoever started it. */
const [folder = "", bus = "{}"] = process.argv.slice(2);
await startIn(folder, JSON.parse(bus) as Parameters<typeof startIn>[1]);
