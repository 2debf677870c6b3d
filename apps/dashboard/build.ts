import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { builtinsByName, withoutJsonSchemas, withoutLocales } from "./build-plugins.ts";

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/**
 * Packs the dashboard into a few files: module records, source texts and the stripping of types would take a quarter of its memory and
 * two thirds of its start. Threads are entries of their own, named as `import.meta.url` of the pack expects them; what is loaded on first
 * use stays in files of its own.
 */
await build({
  input: {
    main: source("main.ts"),
    check: source("check.ts"),
    export: source("export.ts"),
    diff: source("diff.ts"),
    apply: source("apply.ts"),
    import: source("import.ts"),
    "check-running": source("check-running.ts"),
    backup: source("backup.ts"),
    restore: source("restore.ts"),
    migrate: source("migrate.ts"),
    "reset-password": source("reset-password.ts"),
    service: source("service.ts"),
    "history-worker": source("features/history/worker.ts"),
    "victoria-worker": source("features/history/victoria/worker.ts"),
    "first-screen-worker": source("platform/pages/first-screen-worker.ts"),
    "maintenance-worker": source("platform/database/engine/sqlite/maintenance-worker.ts"),
  },
  platform: "node",
  // Native code, and packages that serve files of their own.
  external: [/^@node-rs\//, /^@fastify\/swagger-ui/, /^@ip-location-db\//],
  plugins: [builtinsByName, withoutLocales, withoutJsonSchemas],
  logLevel: "warn",
  output: {
    dir: fileURLToPath(new URL("./dist", import.meta.url)),
    cleanDir: true,
    format: "esm",
    minify: true,
    // One character beyond Latin-1 makes the engine keep a whole file at two bytes a character.
    charset: "ascii",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  },
});
