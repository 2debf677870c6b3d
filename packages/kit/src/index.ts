export * from "./back-off.ts";
export * from "./bounded-queue.ts";
export * from "./byte-budget.ts";
export * from "./clock.ts";
export * from "./lifecycle.ts";
export * from "./serial-queue.ts";
export * from "./system-error.ts";
