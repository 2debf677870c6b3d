export * from "./gate.ts";
export * from "./json-text.ts";
export * from "./refusal.ts";
export * from "./route.ts";
