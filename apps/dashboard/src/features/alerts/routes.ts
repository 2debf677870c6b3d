import { AlertRule as AlertRuleJson, AlertRuleForm, CreatedId, IdList, Nothing } from "@windfire/api";
import type { AlertConditionForm } from "@windfire/api";
import { z } from "zod";
import { requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { AlertCommands } from "./commands.ts";
import { conditionJson, plainInstant } from "./condition-json.ts";
import { invalidity, isForecast, LEAST_DURATION } from "./model.ts";
import type { AlertCondition, AlertRule, AlertSettings } from "./model.ts";

const tag = "alert rule";

/** A rule as clients get it (spec 11 section 8.1). */
function shown(rule: AlertRule, now: number): AlertRuleJson {
  const invalid = invalidity(rule, now);
  return {
    id: rule.id,
    created_at: rule.createdAt,
    updated_at: rule.updatedAt,
    name: rule.name,
    ...(rule.enable === null ? {} : { enable: rule.enable }),
    trigger_mode: rule.triggerMode,
    notification_group_id: rule.notificationGroupId,
    rules: rule.rules && rule.rules.map((condition) => condition && conditionJson(condition)),
    ...(invalid === undefined ? {} : { invalid }),
    fail_trigger_tasks: rule.failTriggerTasks && [...rule.failTriggerTasks],
    recover_trigger_tasks: rule.recoverTriggerTasks && [...rule.recoverTriggerTasks],
    ...(rule.severity === "warning" ? {} : { severity: rule.severity }),
  };
}

function settingsOf(form: AlertRuleForm): AlertSettings {
  return {
    name: form.name,
    enable: form.enable,
    triggerMode: form.trigger_mode,
    notificationGroupId: form.notification_group_id,
    rules: form.rules.map((condition) => condition && conditionOf(condition)),
    failTriggerTasks: form.fail_trigger_tasks,
    recoverTriggerTasks: form.recover_trigger_tasks,
    severity: form.severity,
  };
}

/** A condition as people write it. */
export function conditionOf(form: AlertConditionForm): AlertCondition {
  return {
    type: form.type,
    min: form.min,
    max: form.max,
    cycleStart: form.cycle_start === undefined ? undefined : plainInstant(form.cycle_start),
    cycleInterval: form.cycle_interval,
    cycleUnit: form.cycle_unit,
    // The reference takes types that it does not know for windows, and one of no steps ends it.
    duration: isForecast(form) ? Math.max(form.duration, LEAST_DURATION) : form.duration,
    cover: form.cover,
    ignore: form.ignore,
  };
}

export function alertRoutes(commands: AlertCommands, now: () => number): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/alert-rule",
      access: scope("nezha:alertrule:read"),
      summary: "Alert rules",
      tag,
      query: listQuery,
      data: z.array(AlertRuleJson),
      run: ({ caller, query }) => selectByIds(commands.list(caller), query.id, (rule) => rule.id).map((rule) => shown(rule, now())),
    }),
    route({
      method: "POST",
      path: "/alert-rule",
      access: scope("nezha:alertrule:write"),
      summary: "Create an alert rule",
      tag,
      body: AlertRuleForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), settingsOf(body)),
    }),
    route({
      method: "PATCH",
      path: "/alert-rule/:id",
      access: scope("nezha:alertrule:write"),
      summary: "Replace an alert rule; it begins anew unless `keep_state` says otherwise",
      tag,
      params: idParams,
      body: AlertRuleForm,
      data: CreatedId,
      stored: ({ caller, params }) => {
        const rule = commands.list(caller).find(({ id }) => id === params.id);
        return rule && shown(rule, now());
      },
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, settingsOf(body), { keepState: body.keep_state });
        return params.id;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/alert-rule",
      access: scope("nezha:alertrule:delete"),
      summary: "Delete alert rules",
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
