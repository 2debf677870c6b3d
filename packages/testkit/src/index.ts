export * from "./clock.ts";
export * from "./http2-peer.ts";
export * from "./agent-samples.ts";
export * from "./fake-agent.ts";
export * from "./unused-port.ts";
export * from "./delta-reader.ts";
export * from "./server-program.ts";
export * from "./nats-server.ts";
