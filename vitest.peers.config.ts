import { defineConfig } from "vitest/config";

/** Tests against recorded traffic and answers of other programs, which lie outside this repository (see tools/peers.ts). */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.peers.test.ts", "apps/*/src/**/*.peers.test.ts", "tools/**/*.peers.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
