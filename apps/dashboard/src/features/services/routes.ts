import {
  CreatedId,
  HistoryQuery,
  IdList,
  Nothing,
  ServerServiceHistories,
  Service as ServiceJson,
  ServiceForm,
  ServiceHistory,
  ServiceHistoryQuery,
  ServiceServer,
  ServicesOverview,
  shortFloat32,
} from "@windfire/api";
import { z } from "zod";
import { publicScope, requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ServiceCommands } from "./commands.ts";
import type { ServiceHistories } from "./histories.ts";
import { intervalSeconds } from "./model.ts";
import type { Service, ServiceSettings } from "./model.ts";
import type { ShownState } from "./shown-state.ts";
import type { ServiceOverviews } from "./overview.ts";

const tag = "service";

/** A service as clients get it (spec 11 section 4.1); an interval of 0 is shown as what it stands for. */
function shown(service: Service): Omit<ServiceJson, "state" | "certificate"> {
  return {
    id: service.id,
    created_at: service.createdAt,
    updated_at: service.updatedAt,
    name: service.name,
    type: service.type,
    target: service.target,
    duration: intervalSeconds(service),
    display_index: service.displayIndex,
    ...(service.notify ? { notify: true } : {}),
    notification_group_id: service.notificationGroupId,
    cover: service.cover,
    skip_servers: service.skipServers && { ...service.skipServers },
    ...(service.enableTriggerTask ? { enable_trigger_task: true } : {}),
    ...(service.hideForGuest ? { hide_for_guest: true } : {}),
    fail_trigger_tasks: service.failTriggerTasks && [...service.failTriggerTasks],
    recover_trigger_tasks: service.recoverTriggerTasks && [...service.recoverTriggerTasks],
    min_latency: shortFloat32(service.minLatency),
    max_latency: shortFloat32(service.maxLatency),
    ...(service.latencyNotify ? { latency_notify: true } : {}),
    ...(service.options.reachedThrough === undefined ? {} : { reached_through: service.options.reachedThrough }),
    quorum: service.options.quorum ?? null,
    retries: service.options.retries ?? 0,
  };
}

function settingsOf(form: ServiceForm): ServiceSettings {
  return {
    name: form.name,
    type: form.type,
    target: form.target.trim(),
    duration: form.duration,
    displayIndex: form.display_index,
    notify: form.notify,
    notificationGroupId: form.notification_group_id,
    cover: form.cover,
    skipServers: form.skip_servers,
    enableTriggerTask: form.enable_trigger_task,
    hideForGuest: form.hide_for_guest,
    failTriggerTasks: form.fail_trigger_tasks,
    recoverTriggerTasks: form.recover_trigger_tasks,
    minLatency: form.min_latency,
    maxLatency: form.max_latency,
    latencyNotify: form.latency_notify,
    options: { reachedThrough: form.reached_through, quorum: form.quorum, retries: form.retries },
  };
}

/** Rows of services (spec 11 sections 4.2 to 4.4). */
export function serviceRoutes(commands: ServiceCommands, stateOf: (serviceId: number) => ShownState): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/service/list",
      access: scope("nezha:service:read"),
      summary: "Services the caller may manage, in display order",
      tag,
      query: listQuery,
      data: z.array(ServiceJson),
      run: ({ caller, query }) =>
        selectByIds(commands.list(caller), query.id, (service) => service.id).map((service) => ({
          ...shown(service),
          ...stateOf(service.id),
        })),
    }),
    route({
      method: "POST",
      path: "/service",
      access: scope("nezha:service:write"),
      summary: "Create a service",
      tag,
      body: ServiceForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), settingsOf(body)),
    }),
    route({
      method: "PATCH",
      path: "/service/:id",
      access: scope("nezha:service:write"),
      summary: "Replace a service; what was collected about it stays",
      tag,
      params: idParams,
      body: ServiceForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const service = commands.list(caller).find(({ id }) => id === params.id);
        return service && shown(service);
      },
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, settingsOf(body));
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/service",
      access: scope("nezha:service:delete"),
      summary: "Delete services and what was collected about them",
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

/** What anybody may see of services (spec 11 sections 4.5 to 4.8). */
export function serviceViewRoutes(overviews: ServiceOverviews, histories: ServiceHistories): AnyRoute[] {
  const access = publicScope("nezha:service:read");
  const serverHistories = (path: string, summary: string): AnyRoute =>
    route({
      method: "GET",
      path,
      access,
      summary,
      tag,
      params: idParams,
      query: HistoryQuery,
      data: ServerServiceHistories,
      run: ({ caller, params, query }) => histories.ofServer(caller, params.id, query.period),
    });
  return [
    route({
      method: "GET",
      path: "/service",
      access,
      summary: "30 days of every visible service, and the traffic of running cycles",
      tag,
      data: ServicesOverview,
      long: true,
      run: ({ caller }) => overviews.overview(caller),
    }),
    route({
      method: "GET",
      path: "/service/server",
      access,
      summary: "Servers that any service is probed from",
      tag,
      data: z.array(z.number()),
      run: ({ caller }) => overviews.coveredServers(caller),
    }),
    route({
      method: "GET",
      path: "/service/:id/server",
      access,
      summary: "A service as each of its servers sees it: the last 24 hours and the last result",
      tag,
      params: idParams,
      data: z.array(ServiceServer),
      run: ({ caller, params }) => overviews.nodes(caller, params.id),
    }),
    route({
      method: "GET",
      path: "/service/:id/history",
      access,
      summary: "History of a service; guests may ask for one day",
      tag,
      params: idParams,
      query: ServiceHistoryQuery,
      data: ServiceHistory,
      run: ({ caller, params, query }) => histories.ofService(caller, params.id, query.period, query.detail === "true"),
    }),
    serverHistories("/server/:id/service", "Histories of the services a server probes; null when there are none"),
    // What scripts of the first version ask; the id is a server's (spec 10 section 22).
    serverHistories("/service/:id", "Histories of the services a server probes, by the server's id (older scripts)"),
  ];
}
