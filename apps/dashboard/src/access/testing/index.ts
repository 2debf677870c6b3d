export { ADMIN_PASSWORD, openBench } from "./bench.ts";
export type { BenchParts, BenchRoom, BenchOptions, AccessBench } from "./bench.ts";
export { createSoftKey } from "./authenticator.ts";
export type { SoftKey } from "./authenticator.ts";
export type { Answer, Browser } from "./browser.ts";
export { codeAt, setUpGenerator } from "./generator.ts";
export type { Generator } from "./generator.ts";
export { createAccess } from "./rooms.ts";
export type { Access } from "./rooms.ts";
