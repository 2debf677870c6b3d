import {
  EnrolForm,
  EnrolledHost,
  Enrolment as EnrolmentJson,
  EnrolmentCode as EnrolmentCodeJson,
  EnrolmentCodeForm,
  IdList,
  NewEnrolmentCode,
  Nothing,
} from "@windfire/api";
import { z } from "zod";
import { formatInstant, open, requireUser, scope } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { EnrolmentCodes } from "./codes.ts";
import type { EnrolledHosts } from "./hosts.ts";
import type { EnrolmentCode } from "./model.ts";

const tag = "enrolment";

export function enrolmentRoutes(codes: EnrolmentCodes, hosts: EnrolledHosts): AnyRoute[] {
  return [...codeRoutes(codes), ...hostRoutes(hosts)];
}

function shown({ id, name, groupId, ownerId, createdAt, expiresAt }: EnrolmentCode): EnrolmentCodeJson {
  return {
    id,
    name,
    server_group_id: groupId,
    owner_id: ownerId,
    created_at: formatInstant(createdAt),
    expires_at: formatInstant(expiresAt),
  };
}

function codeRoutes(codes: EnrolmentCodes): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/enrolment-code",
      secret: true,
      access: scope("nezha:server:write"),
      summary: "Make a one-time code by which a host gets a credential of its own; the code is shown this once",
      tag,
      body: EnrolmentCodeForm,
      data: NewEnrolmentCode,
      run: async ({ caller, body }) => {
        const form = { name: body.name, groupId: body.server_group_id, ownerId: body.owner_id };
        const { code, text } = await codes.create(caller, requireUser(caller), form);
        return { ...shown(code), code: text };
      },
    }),
    route({
      method: "GET",
      path: "/enrolment-code",
      access: scope("nezha:server:read"),
      summary: "Codes that are neither used nor expired",
      tag,
      data: z.array(EnrolmentCodeJson),
      run: async ({ caller }) => (await codes.list(caller)).map(shown),
    }),
    route({
      method: "POST",
      path: "/batch-delete/enrolment-code",
      access: scope("nezha:server:write"),
      summary: "Withdraw codes",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await codes.withdraw(caller, body);
        return null;
      },
    }),
  ];
}

function hostRoutes(hosts: EnrolledHosts): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/enrol",
      secret: true,
      throttled: true,
      refuses: true,
      access: open(),
      summary: "Exchange a code for the credential of a host, which signs in with it as with an agent secret",
      tag,
      body: EnrolForm,
      data: EnrolledHost,
      run: async ({ body, ip, visit }) => {
        const { credential, serverId } = await hosts.enrol(body.code, body.uuid, ip || visit.peer);
        return { client_secret: credential, server_id: serverId };
      },
    }),
    route({
      method: "GET",
      path: "/enrolment",
      access: scope("nezha:server:read"),
      summary: "Servers whose hosts have a credential of their own",
      tag,
      data: z.array(EnrolmentJson),
      run: ({ caller }) =>
        hosts.list(caller).map(({ id, serverId, address, createdAt }) => ({
          id,
          server_id: serverId,
          address,
          created_at: formatInstant(createdAt),
        })),
    }),
    route({
      method: "POST",
      path: "/enrolment/:id/revoke",
      access: scope("nezha:server:write"),
      summary: "End the credential of a host; its streams end at once",
      tag,
      params: idParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await hosts.revoke(caller, params.id);
        return null;
      },
    }),
  ];
}
