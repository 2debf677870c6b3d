export { DEFAULT_LIMITS, type ListenerCounters, type ListenerLimits } from "./limits.ts";
export { createListener, type Listener, type ListenerDeps, type ListeningOn } from "./listener.ts";
export type { CallHandler, TunnelHandler, WebHandler, WebRequest, WebResponse } from "./ports.ts";
export { authorityOf, targetOf } from "./target.ts";
export type { Certificate } from "./tls-front.ts";
export { probePort } from "./probe-port.ts";
