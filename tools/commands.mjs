// Plain JavaScript that parses on Node 20: the command line picks a program before the right Node runs.

/**
 * The sub-commands of `windfire`, in the order in which they are listed: the one table that the command line, the packs and every artefact
 * of a release read. A name may have two words; the longer one is tried first. Paths are relative to the root of the repository, which is
 * laid out the same way in a release.
 *
 * @type {Readonly<Record<string, { does: string, packed: string, source: string }>>}
 */
export const COMMANDS = {
  dashboard: {
    does: "run the dashboard (-c config.yaml -db sqlite.db)",
    packed: "apps/dashboard/dist/main.js",
    source: "apps/dashboard/src/main.ts",
  },
  "dashboard service": {
    does: "keep the dashboard running as a service of this host (install, uninstall, start, stop, restart)",
    packed: "apps/dashboard/dist/service.js",
    source: "apps/dashboard/src/service.ts",
  },
  "reset-password": {
    does: "give a user a new password (-db sqlite.db [user]); stop the dashboard first",
    packed: "apps/dashboard/dist/reset-password.js",
    source: "apps/dashboard/src/reset-password.ts",
  },
  backup: {
    does: "back up an installation, also while its dashboard runs (-c config.yaml -db sqlite.db [-o file])",
    packed: "apps/dashboard/dist/backup.js",
    source: "apps/dashboard/src/backup.ts",
  },
  restore: {
    does: "make an installation of a backup, in an empty folder (file [-to folder]); -check only looks at it",
    packed: "apps/dashboard/dist/restore.js",
    source: "apps/dashboard/src/restore.ts",
  },
  migrate: {
    does: "move the rows of an installation from SQLite to PostgreSQL, or -back (-c config.yaml -db sqlite.db [-dry-run])",
    packed: "apps/dashboard/dist/migrate.js",
    source: "apps/dashboard/src/migrate.ts",
  },
  "migrate-history": {
    does: "send the history of a folder to VictoriaMetrics (-c config.yaml -db sqlite.db [-from folder] [-dry-run])",
    packed: "apps/dashboard/dist/migrate-history.js",
    source: "apps/dashboard/src/migrate-history.ts",
  },
  "check --running": {
    does: "ask a running dashboard whether it is ready (-c config.yaml); exit code 0 when it is",
    packed: "apps/dashboard/dist/check-running.js",
    source: "apps/dashboard/src/check-running.ts",
  },
  export: {
    does: "write the settings, servers, services, rules … of a dashboard as YAML ([-o file])",
    packed: "apps/dashboard/dist/export.js",
    source: "apps/dashboard/src/export.ts",
  },
  diff: {
    does: "say in what a dashboard differs from such a document (file)",
    packed: "apps/dashboard/dist/diff.js",
    source: "apps/dashboard/src/diff.ts",
  },
  apply: {
    does: "make a dashboard what such a document says (file -dry-run | -yes)",
    packed: "apps/dashboard/dist/apply.js",
    source: "apps/dashboard/src/apply.ts",
  },
  import: {
    does: "take over what Uptime Kuma, Komari or a running Nezha know (program, source, -dry-run | -yes)",
    packed: "apps/dashboard/dist/import.js",
    source: "apps/dashboard/src/import.ts",
  },
  check: {
    does: "say what the first start on an existing data folder will do, without changing anything (folder)",
    packed: "apps/dashboard/dist/check.js",
    source: "apps/dashboard/src/check.ts",
  },
  agent: {
    does: "run an agent on this host (-c config.yml)",
    packed: "apps/agent/dist/agent.cjs",
    source: "apps/agent/src/main.ts",
  },
};

/**
 * The command that the first words of a command line name, and what is left of the line.
 *
 * @param {readonly string[]} words
 * @returns {{ name: string, args: readonly string[] } | undefined} undefined when they name none
 */
export function commandOf(words) {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(" ");
    if (words.length >= count && Object.hasOwn(COMMANDS, name)) return { name, args: words.slice(count) };
  }
  return undefined;
}
