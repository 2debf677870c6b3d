import { CRON_RUN_STATES, CronCancelForm, CronCancelled, CronOutput, CronRun as CronRunJson, CronRunDetail } from "@windfire/api";
import type { CronResult } from "@windfire/api";
import { z } from "zod";
import { formatInstant, scope } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { RunCommands } from "./run-commands.ts";
import { totalOf } from "./run-model.ts";
import type { ResultRecord, RunRecord } from "./run-model.ts";

const tag = "cron";
const MOST_RUNS = 200;

const rowNumber = z.coerce.number().int().positive();
const listQuery = z.object({
  cron: rowNumber.optional().meta({ description: "Only of this task" }),
  server: rowNumber.optional().meta({ description: "Only on this server" }),
  state: z.enum(CRON_RUN_STATES).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  before: rowNumber.optional().meta({ description: "Only older runs: the last id of the page before" }),
  limit: z.coerce.number().int().min(1).max(MOST_RUNS).default(50),
});

function shownRun({ counts, missed, ...run }: RunRecord): CronRunJson {
  return {
    id: run.id,
    cron_id: run.cronId,
    cron_name: run.cronName,
    cause: run.cause,
    ...(run.by === "" ? {} : { by: run.by }),
    ...(run.triggerServerId === 0 ? {} : { trigger_server_id: run.triggerServerId }),
    started_at: formatInstant(run.startedAt),
    ...(run.endedAt === 0 ? {} : { ended_at: formatInstant(run.endedAt) }),
    state: run.state,
    servers: { ...counts, total: totalOf(counts) },
    ...(missed ? { missed: { ...missed, first: formatInstant(missed.first), last: formatInstant(missed.last) } } : {}),
  };
}

function shownResult(result: ResultRecord & { readonly excerpt: string }, canStop: boolean): CronResult {
  return {
    server_id: result.serverId,
    server_name: result.serverName,
    state: result.state,
    sent_at: formatInstant(result.sentAt),
    ...(result.endedAt === 0 ? {} : { ended_at: formatInstant(result.endedAt) }),
    ...(result.seconds < 0 ? {} : { seconds: result.seconds }),
    output_bytes: result.outputBytes,
    excerpt: result.excerpt,
    can_stop: canStop,
  };
}

/** Runs of crons. Ours: the reference knows the last one alone. */
export function runRoutes(commands: RunCommands, canStop: (serverId: number) => boolean): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/cron-run",
      access: scope("nezha:cron:read"),
      summary: "Runs of tasks, newest first; also those that were missed",
      tag,
      query: listQuery,
      data: z.array(CronRunJson),
      async run({ caller, query: { cron, server, state, since, before, limit } }) {
        const filter = {
          ...(cron === undefined ? {} : { cronId: cron }),
          ...(server === undefined ? {} : { serverId: server }),
          ...(state === undefined ? {} : { state }),
          ...(since === undefined ? {} : { since: Date.parse(since) }),
          ...(before === undefined ? {} : { beforeId: before }),
        };
        return (await commands.list(caller, filter, limit)).map(shownRun);
      },
    }),
    route({
      method: "GET",
      path: "/cron-run/:id",
      access: scope("nezha:cron:read"),
      summary: "One run, server by server",
      tag,
      params: idParams,
      data: CronRunDetail,
      async run({ caller, params }) {
        const run = await commands.find(caller, params.id);
        const results = await commands.results(caller, run);
        return { ...shownRun(run), results: results.map((result) => shownResult(result, canStop(result.serverId))) };
      },
    }),
    route({
      method: "GET",
      path: "/cron-run/:id/output",
      access: scope("nezha:cron:read"),
      summary: "What the command printed on one server, as far as it is kept",
      tag,
      params: idParams,
      query: z.object({ server: rowNumber }),
      data: CronOutput,
      async run({ caller, params, query: { server } }) {
        const { output, outputBytes } = await commands.output(caller, params.id, server);
        return { server_id: server, output, output_bytes: outputBytes, cut: Buffer.byteLength(output) < outputBytes };
      },
    }),
    route({
      method: "POST",
      path: "/cron-run/:id/cancel",
      access: scope("nezha:cron:exec"),
      summary:
        "Wait for a run no longer. Agents that can be told end every command of the task that they run; on others, such as Nezha's, the " +
        "command goes on to its end: what it says is kept then and told to nobody",
      tag,
      params: idParams,
      body: CronCancelForm,
      data: CronCancelled,
      run: ({ caller, params, body }) => commands.cancel(caller, params.id, body.servers),
    }),
  ];
}
