export { blockPage, BLOCKED_MESSAGE } from "./block-page.ts";
export { createGuessThrottle } from "./guess-throttle.ts";
export type { GuessThrottle } from "./guess-throttle.ts";
export type { EndReason, LiveConnection, LiveConnections } from "./live-connections.ts";
export type { OnlineList, OnlineUser, OnlineUsers } from "./online.ts";
export { createProtection } from "./protection.ts";
export type { Protection, ProtectionDeps } from "./protection.ts";
export { realIp, USE_PEER_IP } from "./real-ip.ts";
export type { Waf } from "./waf.ts";
