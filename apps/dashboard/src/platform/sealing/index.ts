export { KEY_FILE, loadKey } from "./key-file.ts";
export { createSealing } from "./sealing.ts";
export type { Sealing } from "./sealing.ts";
