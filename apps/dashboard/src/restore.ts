import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { reasonOf } from "@windfire/kit";
import { checkBackup, restoreBackup } from "#features/backup";
import { CommandEnd, passphraseFrom, readArguments, runCommand } from "./command-line.ts";

const USAGE = `usage: windfire restore <backup> [-to folder] [-passphrase-file file] [-signer fingerprint] [-check]

Makes an installation of a backup. Everything in it is checked before anything is written, and nothing is written over.

  -to folder             an empty folder, or one that is not there yet (data)
  -passphrase-file file  holds the passphrase in its first line (or the variable WINDFIRE_PASSPHRASE)
  -signer fingerprint    takes it only if it was signed by this key
  -check                 only looks at it`;

await runCommand("restore", async (args) => {
  const { text, flag, rest } = readArguments(args, USAGE, {
    to: { type: "string" },
    "passphrase-file": { type: "string" },
    signer: { type: "string" },
    check: { type: "boolean" },
  });
  const [file, extra] = rest;
  if (file === undefined || extra !== undefined) throw new CommandEnd(2, USAGE);
  const path = resolve(file);
  await access(path).catch((error: unknown) => {
    throw new Error(`cannot read ${path}: ${reasonOf(error)}`);
  });
  const folder = resolve(text("to") ?? "data");
  const order = {
    open: () => createReadStream(path),
    passphrase: await passphraseFrom(text("passphrase-file"), process.env),
    signer: text("signer"),
    folder,
  };
  const { contents, signer } = await (flag("check") ? checkBackup(order) : restoreBackup(order));
  const bytes = contents.files.reduce((sum, { size }) => sum + size, 0);
  const lines = [
    `made ${contents.created_at} by version ${contents.program}, signed by ${signer}`,
    `${contents.files.length} files, ${bytes} bytes, all as they were`,
  ];
  if (contents.environment.length > 0) lines.push(`variables that were set besides, and are not in it: ${contents.environment.join(", ")}`);
  if (!flag("check")) {
    const start = `windfire dashboard -c '${folder}/config.yaml' -db '${folder}/sqlite.db'`;
    lines.push(`restored into ${folder}; start it with`, `  ${start}`);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
});
