export { isPublicAddress } from "./address-policy.ts";
export { isAllowedTarget, parseAllowedTarget } from "./allowed-targets.ts";
export type { AllowedTarget } from "./allowed-targets.ts";
export { createOutbound } from "./outbound.ts";
export type { Outbound, OutboundAnswer, OutboundDeps, OutboundRequest } from "./outbound.ts";
export { originOf } from "./origin.ts";
export { OutboundError } from "./outbound-error.ts";
export type { OutboundFailure } from "./outbound-error.ts";
export { retryAfterHeader } from "./retry-after.ts";
