export { hostWith, stateWith, testSettings } from "./samples.ts";
