import { defineConfig } from "vitest/config";

/**
 * Suites that run on SQLite with all others, and here once more on PostgreSQL, whole dashboards with NATS and VictoriaMetrics besides: what
 * they prove must not depend on the engine.
 */
const AS_REPLICA = [
  "permissions.test.ts",
  "permitted-rows.test.ts",
  "viewers.test.ts",
  "{share-links,status-page-visitors,reached-through}.test.ts",
  "access/identity/token.test.ts",
  "features/transfers/*.test.ts",
  "features/traffic/corrections.test.ts",
  "platform/audit/*.test.ts",
  "platform/database/change-feed/change-feed.test.ts",
  "platform/leases/leases.test.ts",
  "platform/outbox/{outbox,store}.test.ts",
  "platform/settings/*.test.ts",
  "platform/tickets/*.test.ts",
].map((tests) => `apps/dashboard/src/${tests}`);
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
          include: ["packages/*/src/**/*.replicas.test.ts", "apps/*/src/**/*.replicas.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "as-replica",
          include: AS_REPLICA,
          globalSetup: ["apps/dashboard/src/compose/testing/shared-engines.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          // Each ends when all agents are seen everywhere again, which is no figure of its own; on a busy machine that takes its time.
          testTimeout: 120_000,
          include: ["tools/**/*.replicas.test.ts"],
          // Alone, after the others: who takes how long is what it is about.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
