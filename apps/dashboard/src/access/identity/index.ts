export type { Account, Users } from "./accounts.ts";
export type { FirstPassword } from "./first-start.ts";
export { createIdentity } from "./identity.ts";
export type { Identity, IdentityConfig, IdentityDeps } from "./identity.ts";
export type { OwnCredentials } from "./own-credentials.ts";
export { resetPassword } from "./reset-password.ts";
export { TOKEN_PREFIX } from "./tokens.ts";
export type { Token } from "./token-store.ts";
export type { Tokens } from "./tokens.ts";
