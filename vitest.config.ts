import { defineConfig } from "vitest/config";

/** Unit and integration tests of the whole repository. Browser and peer tests have configurations of their own. */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "apps/web/src/**/*.test.tsx", "tools/**/*.test.ts"],
    // One less than there are would be a single one on two processors.
    maxWorkers: "100%",
    exclude: ["**/node_modules/**", "**/fixtures/**", "**/*.peers.test.ts", "**/*.release.test.ts", "**/*.replicas.test.ts", "e2e/**"],
    // Nothing is asserted about time: this only ends what hangs, also on a small and busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
