export { createFactorRoom } from "./second-factors.ts";
export type { FactorProof, FactorRoom, NewGenerator, UseCode } from "./second-factors.ts";
export { factorKind, factorStore } from "./store.ts";
