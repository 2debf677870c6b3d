import { CreatedId, IdList, Nothing, Snooze as SnoozeJson, SnoozeForm } from "@windfire/api";
import { z } from "zod";
import { formatInstant, requireUser, scope } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { SnoozeCommands } from "./snooze-commands.ts";
import type { Snooze } from "./silences.ts";

const tag = "silence";
const READ = scope("nezha:alertrule:read");
const WRITE = scope("nezha:alertrule:write");

function shownSnooze(snooze: Snooze): SnoozeJson {
  return {
    id: snooze.id,
    scope: snooze.scope,
    scope_id: snooze.scopeId,
    until: formatInstant(snooze.until),
    note: snooze.note,
    created_at: formatInstant(snooze.createdAt),
    created_by: snooze.createdBy,
  };
}

/** Snoozes. Ours: the reference tells always. */
export function snoozeRoutes(commands: SnoozeCommands): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/snooze",
      access: READ,
      summary: "Of what nobody is told until a time",
      tag,
      data: z.array(SnoozeJson),
      run: ({ caller }) => commands.list(caller).map(shownSnooze),
    }),
    route({
      method: "POST",
      path: "/snooze",
      access: WRITE,
      summary: "Record incidents and tell nobody until a time; what still fails then is told",
      tag,
      body: SnoozeForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.snooze(caller, requireUser(caller), body),
    }),
    route({
      method: "POST",
      path: "/batch-delete/snooze",
      access: WRITE,
      summary: "End snoozes; what fails is told",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.wake(caller, body);
        return null;
      },
    }),
  ];
}
