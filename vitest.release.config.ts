import { defineConfig } from "vitest/config";

/** Tests that start the artefacts of a release as their users would (tools/release/testing/artefacts.ts says where they lie). */
export default defineConfig({
  test: {
    include: ["tools/release/**/*.release.test.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
