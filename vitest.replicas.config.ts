import { defineConfig } from "vitest/config";

/** Tests against PostgreSQL, NATS and VictoriaMetrics, which they start themselves (see tools/engines). */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.replicas.test.ts", "apps/*/src/**/*.replicas.test.ts", "tools/**/*.replicas.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
