export { createOpenIo } from "./io-stream.ts";
export type { IoEvents, IoStream, OpenIo } from "./io-stream.ts";
export { refuseStream } from "./refusal.ts";
