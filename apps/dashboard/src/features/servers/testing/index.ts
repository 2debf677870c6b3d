export { stateWith, testSettings } from "./samples.ts";
