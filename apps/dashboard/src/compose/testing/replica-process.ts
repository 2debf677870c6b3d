import { startIn } from "./replica-set.ts";

/** One dashboard of several as a process of its own: its folder. Ends with whoever started it. */
const [folder = ""] = process.argv.slice(2);
await startIn(folder);
