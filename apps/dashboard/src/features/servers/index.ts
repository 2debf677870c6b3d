export { createServerDirectory } from "./directory.ts";
export type { ServerDirectory } from "./directory.ts";
export { LiveServer } from "./live-server.ts";
export type { HostReport, TrafficDelta } from "./live-server.ts";
export { byDisplayOrder, joinedAddress, NO_ADDRESS } from "./model.ts";
export type { GeoAddress, HostInfo, HostState, Server } from "./model.ts";
