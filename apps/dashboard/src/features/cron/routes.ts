import { CreatedId, Cron as CronJson, CronForm, IdList, Nothing } from "@windfire/api";
import { z } from "zod";
import { requireUser, scope, scopeByHeader, stepUp } from "#kernel";
import type { AccessRule } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { CronChecks } from "./checks.ts";
import type { CronCommands } from "./commands.ts";
import type { Cron, CronSettings } from "./model.ts";
import type { CronRuns } from "./runs.ts";

export interface CronRouteDeps {
  readonly checks: CronChecks;
  readonly commands: CronCommands;
  readonly runs: Pick<CronRuns, "run">;
  readonly jobNumber: (cronId: number) => number | undefined;
}

const tag = "cron";

/** A cron as clients get it (spec 11 section 9.1). */
function shown(cron: Cron, jobNumber: number | undefined): CronJson {
  return {
    id: cron.id,
    created_at: cron.createdAt,
    updated_at: cron.updatedAt,
    name: cron.name,
    task_type: cron.taskType,
    scheduler: cron.scheduler,
    ...(cron.command === "" ? {} : { command: cron.command }),
    servers: cron.serverIds && [...cron.serverIds],
    cover: cron.cover,
    ...(cron.pushSuccessful ? { push_successful: true } : {}),
    notification_group_id: cron.notificationGroupId,
    last_executed_at: cron.lastExecutedAt,
    ...(cron.lastResult ? { last_result: true } : {}),
    ...(jobNumber === undefined ? {} : { cron_job_id: jobNumber }),
    keep_runs: cron.keepRuns,
    keep_output: cron.keepOutput,
    tell_missed: cron.tellMissed,
  };
}

function settingsOf(form: CronForm): CronSettings {
  return {
    name: form.name,
    taskType: form.task_type,
    scheduler: form.scheduler,
    command: form.command,
    serverIds: form.servers,
    cover: form.cover,
    pushSuccessful: form.push_successful,
    notificationGroupId: form.notification_group_id,
    options: { keepRuns: form.keep_runs, keepOutput: form.keep_output, tellMissed: form.tell_missed },
  };
}

export function cronRoutes(deps: CronRouteDeps): AnyRoute[] {
  const { commands } = deps;
  return [
    route({
      method: "GET",
      path: "/cron",
      access: scope("nezha:cron:read"),
      summary: "Scheduled and triggered tasks",
      tag,
      query: listQuery,
      data: z.array(CronJson),
      run: ({ caller, query }) =>
        selectByIds(commands.list(caller), query.id, (cron) => cron.id).map((cron) => shown(cron, deps.jobNumber(cron.id))),
    }),
    route({
      method: "POST",
      path: "/cron",
      access: stepUp(scope("nezha:cron:write")),
      summary: "Create a task",
      tag,
      body: CronForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), settingsOf(body)),
    }),
    route({
      method: "PATCH",
      path: "/cron/:id",
      access: stepUp(scope("nezha:cron:write")),
      summary: "Replace a task",
      tag,
      params: idParams,
      body: CronForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const cron = commands.list(caller).find(({ id }) => id === params.id);
        return cron && shown(cron, undefined);
      },
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, settingsOf(body));
        return null;
      },
    }),
    manualRun(deps, "POST", scope("nezha:cron:exec"), "Run a task now; success means that it was handed to the agents"),
    manualRun(deps, "GET", scopeByHeader("nezha:cron:exec"), "Run a task now (older scripts)"),
    route({
      method: "POST",
      path: "/batch-delete/cron",
      access: scope("nezha:cron:delete"),
      summary: "Delete tasks; services and alert rules forget them",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.delete(caller, body);
        return null;
      },
    }),
  ];
}

function manualRun({ checks, runs }: CronRouteDeps, method: "GET" | "POST", access: AccessRule, summary: string): AnyRoute {
  return route({
    method,
    path: "/cron/:id/manual",
    access: stepUp(access),
    summary,
    tag,
    params: idParams,
    data: Nothing,
    run: async ({ caller, params }) => {
      const cron = checks.existing(caller, params.id);
      checks.requireSchedule(cron);
      await runs.run(cron.id, { cause: "manual", caller });
      return null;
    },
  });
}
