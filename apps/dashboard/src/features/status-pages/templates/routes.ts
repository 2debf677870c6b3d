import { CreatedId, IdList, Nothing, PageTemplate as PageTemplateJson, PageTemplateForm } from "@windfire/api";
import { z } from "zod";
import { requireUser, scope } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { TemplateCommands } from "./commands.ts";

const tag = "status page";
const WRITE = scope("nezha:service:write");

/** Templates of incidents on status pages. */
export function templateRoutes(commands: TemplateCommands): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/page-template",
      access: scope("nezha:service:read"),
      summary: "Templates of incidents, by name",
      tag,
      data: z.array(PageTemplateJson),
      run: async ({ caller }) => (await commands.list(caller)).map(({ ownerId: _ownerId, ...template }) => template),
    }),
    route({
      method: "POST",
      path: "/page-template",
      access: WRITE,
      summary: "Keep a template",
      tag,
      body: PageTemplateForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), body),
    }),
    route({
      method: "PATCH",
      path: "/page-template/:id",
      access: WRITE,
      summary: "Replace a template",
      tag,
      params: idParams,
      body: PageTemplateForm,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/page-template",
      access: scope("nezha:service:delete"),
      summary: "Delete templates",
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
