export { createOpenIo } from "./io-stream.ts";
export type { IoEvents, IoStream, OpenIo } from "./io-stream.ts";
export { createStreamRefusal, endingFrame } from "./refusal.ts";
export type { RefuseStream } from "./refusal.ts";
