import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import type { BuildOptions, OutputOptions } from "rolldown";
import { asFunctions, builtinsByName, withoutJsonSchemas, withoutLocales } from "./build-plugins.ts";

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const COMMON = {
  platform: "node",
  // Native code, and packages that serve files of their own.
  external: [/^@node-rs\//, /^@fastify\/swagger-ui/, /^@ip-location-db\//],
  plugins: [builtinsByName, withoutLocales, withoutJsonSchemas],
  logLevel: "warn",
} satisfies BuildOptions;

const OUTPUT = {
  dir: fileURLToPath(new URL("./dist", import.meta.url)),
  minify: true,
  // One character beyond Latin-1 makes the engine keep a whole file at two bytes a character.
  charset: "ascii",
} satisfies OutputOptions;

/**
 * Packs the dashboard into a few files: module records, source texts and the stripping of types would take a quarter of its memory and
 * two thirds of its start. What runs for months is packed in a way of its own, whose compiled code can be kept (`src/code-cache.ts`); what
 * is loaded on first use stays in files of its own.
 */
await build({
  ...COMMON,
  input: { program: source("program.ts") },
  plugins: [...COMMON.plugins, asFunctions],
  output: {
    ...OUTPUT,
    cleanDir: true,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "program-[name].cjs",
    // A script of its own has no import().
    dynamicImportInCjs: false,
  },
});

/** Last comes what is started, so that a pack that failed half-way is none. Threads are entries of their own, named as `import.meta.url` of the pack expects them. */
await build({
  ...COMMON,
  input: {
    main: source("packed-main.ts"),
    check: source("check.ts"),
    export: source("export.ts"),
    diff: source("diff.ts"),
    apply: source("apply.ts"),
    import: source("import.ts"),
    "check-running": source("check-running.ts"),
    backup: source("backup.ts"),
    restore: source("restore.ts"),
    migrate: source("migrate.ts"),
    "migrate-history": source("migrate-history.ts"),
    "reset-password": source("reset-password.ts"),
    service: source("service.ts"),
    "history-worker": source("features/history/worker.ts"),
    "victoria-worker": source("features/history/victoria/worker.ts"),
    "first-screen-worker": source("platform/pages/first-screen-worker.ts"),
    "maintenance-worker": source("platform/database/engine/sqlite/maintenance-worker.ts"),
  },
  output: {
    ...OUTPUT,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  },
});
