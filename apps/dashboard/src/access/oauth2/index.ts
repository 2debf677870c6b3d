export type { OAuth2Arrived } from "./flows.ts";
export { createOAuth2 } from "./oauth2.ts";
export type { OAuth2, OAuth2Config } from "./oauth2.ts";
export { providerAddresses } from "./provider-addresses.ts";
export { STATE_SECONDS } from "./states.ts";
