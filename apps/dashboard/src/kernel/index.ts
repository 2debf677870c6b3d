export * from "./access-rule.ts";
export * from "./agents.ts";
export * from "./address.ts";
export * from "./app-error.ts";
export * from "./caller.ts";
export * from "./counter.ts";
export * from "./facts.ts";
export * from "./instant.ts";
