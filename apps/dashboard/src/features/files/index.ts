export { createFiles } from "./routes.ts";
export type { FilesDeps, Files } from "./routes.ts";
