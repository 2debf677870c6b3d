export { configDisk, configText } from "./file.ts";
export { configJson, DEFAULT_CONFIG } from "./model.ts";
export type { AgentConfig, ConfigChange, Outcome } from "./model.ts";
export { overlayConfig, planTransfer } from "./remote.ts";
export { createConfigStore } from "./store.ts";
export type { ConfigStore } from "./store.ts";
export { createLiveConfig } from "./reload.ts";
export type { LiveConfig, LiveConfigDeps } from "./reload.ts";
