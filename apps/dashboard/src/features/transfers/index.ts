export { createTransfers } from "./room.ts";
export type { TransfersDeps, Transfers } from "./room.ts";
