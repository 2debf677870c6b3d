export { createDial } from "./dial.ts";
export type { Authorities, Dial } from "./dial.ts";
export { createLink } from "./link.ts";
export type { Link, LinkDeps } from "./link.ts";
export { createReports } from "./reports.ts";
