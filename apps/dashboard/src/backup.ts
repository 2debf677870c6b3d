import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import { systemClock } from "@windfire/kit";
import { backupName, makeBackup, writeWhole } from "#features/backup";
import { createSealing } from "#platform/sealing";
import { findInstallation, pathsOf } from "./compose/installation.ts";
import { passphraseFrom, readOptions, runCommand } from "./command-line.ts";
import { VERSION } from "./version.ts";

const USAGE = `usage: windfire backup [-c config.yaml] [-db sqlite.db] [-o file] [--force] [-passphrase-file file]

Makes one file of an installation: configuration, database, key and history, also while its dashboard runs. A database of PostgreSQL is
written into it as the SQLite file of the same content.

  -c file                configuration (data/config.yaml)
  -db file               database (data/sqlite.db)
  -o file                where it goes (windfire-<time>-<signer>.tar.zst here); - for standard output
  --force                writes over a file that is there
  -passphrase-file file  encrypts it with the first line of the file (or the variable WINDFIRE_PASSPHRASE)`;

await runCommand("backup", async (args) => {
  const { text, flag } = readOptions(args, USAGE, {
    c: { type: "string" },
    db: { type: "string" },
    o: { type: "string" },
    force: { type: "boolean" },
    "passphrase-file": { type: "string" },
  });
  const passphrase = await passphraseFrom(text("passphrase-file"), process.env);
  const output = text("o");
  if (output !== undefined && output !== "-" && !flag("force")) await refuseExisting(resolve(output));
  const backup = await makeBackup({
    installation: await findInstallation(pathsOf(text), process.env),
    program: VERSION,
    env: process.env,
    now: () => systemClock.now(),
    sealingOf: createSealing,
    passphrase,
  });
  try {
    const target = output ?? backupName({ at: systemClock.now(), signer: backup.signer, encrypted: passphrase !== undefined });
    if (target === "-") {
      for await (const piece of backup.bytes()) await written(piece);
      return 0;
    }
    const size = await writeWhole(resolve(target), backup.bytes());
    process.stderr.write(`${resolve(target)}: ${size} bytes, ${backup.snapshot.files.length} files, signed by ${backup.signer}\n`);
    return 0;
  } finally {
    await backup.snapshot.remove();
  }
});

/** The last good backup may be what lies there. */
async function refuseExisting(path: string): Promise<void> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new Error(`${path} is there already: take another name, or --force`);
}

function written(piece: Uint8Array): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  process.stdout.write(piece, (error) => (error ? reject(error) : done()));
  return promise;
}
