import { randomBytes } from "node:crypto";
import { access } from "node:fs/promises";
import { randomText, systemClock } from "@windfire/kit";
import { resetPassword } from "#access/identity";
import { createAuditLog } from "#platform/audit";
import { parseFlags } from "#platform/config";
import { backUpBeforeFirstWrite, openDatabase } from "#platform/database";
import { findInstallation } from "./compose/installation.ts";
import { createPasswords } from "#platform/password";

const PASSWORD_LENGTH = 20;
const OWNER_ONLY = 0o077;

/** `windfire reset-password [-c config.yaml] [-db sqlite.db] [user]`: a new password for `admin` or the user named, printed once. */
async function main(): Promise<number> {
  process.umask(OWNER_ONLY);
  const parsed = parseFlags(process.argv.slice(2), "windfire reset-password [flags] [user, admin unless given]");
  if ("exitCode" in parsed) {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
    return parsed.exitCode;
  }
  const { flags, rest } = parsed;
  const username = rest[0] ?? "admin";
  const password = randomText(randomBytes, PASSWORD_LENGTH);
  const { wasDisabled } = await setPassword(flags, username, password);
  process.stdout.write(
    `${username} signs in with the password ${password} from now on, without a second factor; all sessions have ended.${wasDisabled ? " The user was disabled, and is enabled again." : ""}\n`,
  );
  return 0;
}

async function setPassword(flags: { configPath: string; databasePath: string }, username: string, password: string) {
  const { databasePath: file, databaseAddress } = await findInstallation(flags, process.env);
  if (databaseAddress === undefined) {
    await access(file);
    await backUpBeforeFirstWrite(file, [flags.configPath]);
  }
  const log = { info: note, warn: note };
  const database = await openDatabase({ path: databaseAddress ?? file, clock: systemClock, log, serviceHistories: false });
  try {
    const now = (): number => systemClock.now();
    return await resetPassword({
      database,
      audit: createAuditLog({ database, now }),
      passwords: createPasswords(),
      now,
      username,
      password,
    });
  } finally {
    await database.close();
  }
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`windfire reset-password: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
