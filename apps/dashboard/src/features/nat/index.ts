export { createNat } from "./room.ts";
export type { NatRoomDeps, Nat } from "./room.ts";
