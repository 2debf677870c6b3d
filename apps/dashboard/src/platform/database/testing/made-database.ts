import { createHash, randomBytes } from "node:crypto";
import { systemClock } from "@windfire/kit";
import { abandon, compatStatements, connect, lateCompatStatements, translate } from "../engine/postgres/index.ts";
import { createTableText, referenceTables } from "../nezha-file/index.ts";
import { ownMigrations } from "../own-migrations.ts";
import { openPostgres } from "../postgres/open.ts";

/** Of everything the schema is made of: a template of an earlier state is not used. */
const SCHEMA = createHash("sha256")
  .update(
    [
      ...compatStatements,
      ...lateCompatStatements,
      ...[...referenceTables.map(createTableText), ...ownMigrations.flatMap(({ statements }) => statements)].flatMap(translate),
    ].join(";"),
  )
  .digest("hex")
  .slice(0, 12);
const TEMPLATE = `windfire_template_${SCHEMA}`;
/** Number of the lock under which the template is made. */
const MAKING = 5_746_003;

/** Databases of this process that nobody uses any more: emptying one is much faster than making one. */
const unused: string[] = [];

/** What tests have written, and nothing else: fails when they changed the schema too. */
const EMPTY = `DO $$
  DECLARE name text; has boolean;
  BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> 'wf_meta' LOOP
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO has;
      IF has THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    DELETE FROM wf_meta WHERE key <> 'migrations';
    FOR name IN SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace LOOP
      PERFORM setval(name::regclass, 1, false);
    END LOOP;
  END $$`;
const SHAPE = `SELECT count(*) || ' ' || (SELECT count(*) FROM pg_trigger) || ' ' || (SELECT count(*) FROM pg_attribute) AS shape
  FROM pg_class WHERE relnamespace = current_schema()::regnamespace`;
let shape: string | undefined;

/** A database with all tables, and nothing in them, on a server of PostgreSQL; `server` is the address of a database there. @returns its address */
export async function takeDatabase(server: string): Promise<string> {
  const address = unused.pop();
  if (address === undefined) return makeDatabase(server);
  const client = await connect(address, { isUnlimited: true });
  try {
    const { rows } = await client.query<{ shape: string }>(SHAPE);
    if (rows[0]?.shape !== shape) return await takeDatabase(server);
    await client.query(EMPTY);
    return address;
  } finally {
    abandon(client);
  }
}

/** For the next test. */
export function giveBack(address: string): void {
  unused.push(address);
}

async function makeDatabase(server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const client = await connect(server, { isUnlimited: true });
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", [TEMPLATE]);
    if (rowCount === 0) await makeTemplate(server);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  } finally {
    abandon(client);
  }
  const address = addressOf(server, name);
  const made = await connect(address, { isUnlimited: true });
  const { rows } = await made.query<{ shape: string }>(SHAPE);
  abandon(made);
  shape ??= rows[0]?.shape;
  return address;
}

function addressOf(server: string, name: string): string {
  const address = new URL(server);
  address.pathname = `/${name}`;
  return address.href;
}

async function makeTemplate(server: string): Promise<void> {
  const client = await connect(server, { isUnlimited: true });
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MAKING]);
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", [TEMPLATE]);
    if (rowCount !== 0) return;
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
    await client.query(`CREATE DATABASE ${TEMPLATE} TEMPLATE template0`);
    const log = { info: () => undefined, warn: () => undefined };
    const database = await openPostgres({ address: addressOf(server, TEMPLATE), clock: systemClock, log, serviceHistories: true });
    await database.close();
    // Whatever is still letting go of it.
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [TEMPLATE]);
    await client.query(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  } finally {
    abandon(client);
  }
}
