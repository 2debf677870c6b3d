/** Taken by whoever imports a database of Uptime Kuma. @public */
export { kumaPages } from "./import/kuma.ts";
export type { KumaPage } from "./import/kuma.ts";
export { createStatusPages } from "./room.ts";
export type { StatusPagesDeps, StatusPagesRoom } from "./room.ts";
export type { ShownState } from "./view/model.ts";
