export { createStatusPages } from "./room.ts";
export type { StatusPagesDeps, StatusPagesRoom } from "./room.ts";
export type { ShownState } from "./view/model.ts";
