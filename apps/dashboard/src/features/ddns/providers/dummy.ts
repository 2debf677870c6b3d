import type { Provider } from "./provider.ts";

/** Does nothing, for trying things out. */
export const dummy: Provider = { set: async () => undefined };
