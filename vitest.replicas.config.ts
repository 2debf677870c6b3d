import { defineConfig } from "vitest/config";

/** Suites that run on SQLite with all others, and here once more on PostgreSQL: what they prove must not depend on the engine. */
const ON_POSTGRES = [
  "apps/dashboard/src/platform/database/change-feed",
  "apps/dashboard/src/platform/outbox",
  "apps/dashboard/src/platform/audit",
  "apps/dashboard/src/features/transfers",
  "apps/dashboard/src/features/traffic",
].map((folder) => `${folder}/**/*.test.ts`);
const MADE_THEMSELVES = "**/*.replicas.test.ts";

/** Tests against PostgreSQL, NATS and VictoriaMetrics, which they start themselves. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "engines",
          include: ["packages/*/src/**/*.replicas.test.ts", "apps/*/src/**/*.replicas.test.ts", "tools/**/*.replicas.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "on-postgres",
          include: ON_POSTGRES,
          exclude: [MADE_THEMSELVES, "**/*.peers.test.ts", "**/*.mutations.test.ts"],
          globalSetup: ["apps/dashboard/src/platform/database/testing/shared-server.ts"],
        },
      },
    ],
  },
});
