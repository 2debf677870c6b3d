export { contend, settled } from "./contender.ts";
export type { Contender } from "./contender.ts";
