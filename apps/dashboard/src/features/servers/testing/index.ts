export { stateWith } from "./samples.ts";
