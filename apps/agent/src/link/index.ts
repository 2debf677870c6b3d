export { createDial } from "./dial.ts";
export type { Dial } from "./dial.ts";
export { createLink } from "./link.ts";
export type { Link, LinkDeps } from "./link.ts";
export { createReports } from "./reports.ts";
