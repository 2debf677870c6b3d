export { createFiles } from "./routes.ts";
export type { Files } from "./routes.ts";
