import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { FamilyPlan } from "@windfire/tsdb";
import type { VictoriaClient } from "./client.ts";
import { linesOf } from "./lines.ts";
import type { SentRow } from "./lines.ts";
import type { Names } from "./names.ts";

export const IMPORT_PATH = "/api/v1/import/csv";
const compress = promisify(gzip);

export interface PostDeps {
  readonly client: VictoriaClient;
  readonly names: Names;
  /** Number of who writes, see `stamp.ts`. */
  readonly writer: number;
}

/** Hands over rows of one family. @throws VictoriaError */
export async function postRows(
  { client, names, writer }: PostDeps,
  plan: FamilyPlan,
  rows: readonly SentRow[],
  deadlineMs: number,
): Promise<void> {
  const { format, text } = linesOf(names, plan, rows, writer);
  const body = await compress(text, { level: constants.Z_BEST_SPEED });
  const params = { format, extra_label: `installation=${names.installation}` };
  await client.call({ path: IMPORT_PATH, params, body, deadlineMs, mostBytes: 4_096 });
}
