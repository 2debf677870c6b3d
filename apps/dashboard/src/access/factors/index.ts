export type { Passkey } from "./passkey-store.ts";
export type { Passkeys } from "./passkeys.ts";
export { relyingParty } from "./relying-party.ts";
export type { RelyingParty } from "./relying-party.ts";
export { createFactorRoom } from "./second-factors.ts";
export type { FactorProof, FactorRoom, NewGenerator, UseCode } from "./second-factors.ts";
export { factorKind, factorStore } from "./store.ts";
export type { OnFirst } from "./store.ts";
