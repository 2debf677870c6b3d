export { createTransferRoutes } from "./routes.ts";
export type { TransferDeps } from "./routes.ts";
