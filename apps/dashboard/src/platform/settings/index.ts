export { keepInCommon } from "./in-common.ts";
export type { InCommonDeps } from "./in-common.ts";
export { keepInFile, standAlone } from "./own-file.ts";
export type { SettingsKeeper } from "./model.ts";
