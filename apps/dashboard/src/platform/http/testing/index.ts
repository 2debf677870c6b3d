export { testLimits, createRouteCaller } from "./route-caller.ts";
export type { Answer, RouteCaller } from "./route-caller.ts";
