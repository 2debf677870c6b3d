export * from "./clock.ts";
export * from "./http2-peer.ts";
