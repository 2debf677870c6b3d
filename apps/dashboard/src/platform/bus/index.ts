export { parseBusAddress } from "./address.ts";
export type { BusAddress } from "./address.ts";
export { createBus } from "./bus.ts";
export type { Bus, BusState } from "./bus.ts";
export type { Sending } from "./outgoing.ts";
export { createNatsWire } from "./nats-wire.ts";
export { noBus } from "./no-bus.ts";
export type { Wire } from "./wire.ts";
