export { fixedLimits, limitsWith } from "./limits.ts";
export type { ChangeableLimits, Limits } from "./limits.ts";
