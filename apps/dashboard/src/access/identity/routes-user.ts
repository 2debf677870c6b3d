import {
  CreatedId,
  HandedOver,
  HandOverForm,
  IdList,
  Nothing,
  OwnedRows,
  Profile,
  ProfileUpdate,
  User,
  UserAccess,
  UserCreate,
  UserPatch,
} from "@windfire/api";
import { z } from "zod";
import { adminOnly, ownAccount, stepUp } from "#kernel";
import { idParams, route, Warned } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Account } from "./account-store.ts";
import type { Users } from "./accounts.ts";
import type { FactorRoom } from "#access/factors";
import type { OAuth2 } from "#access/oauth2";
import { accountOf, sessionOf } from "./routes-session.ts";
import type { HandOver } from "./hand-over.ts";
import type { UserCommands } from "./user-commands.ts";
import type { UserEdit } from "./user-edit.ts";
import type { ViewerCommands } from "./viewer-commands.ts";

/** Users and the own profile: spec 10 section 11. */
export function userRoutes(deps: UserRoutesDeps): readonly AnyRoute[] {
  return [...listRoutes(deps), ...handOverRoutes(deps.handOver), ...profileRoutes(deps)];
}

export interface UserRoutesDeps {
  readonly users: Users;
  readonly commands: UserCommands;
  readonly oauth2: OAuth2;
  readonly factors: Pick<FactorRoom, "has">;
  readonly setAccess: ViewerCommands["setAccess"];
  readonly edit: UserEdit;
  readonly handOver: HandOver;
}

function listRoutes({ users, commands, factors, setAccess, edit }: UserRoutesDeps): readonly AnyRoute[] {
  const tag = "user";
  return [
    route({
      method: "GET",
      path: "/user",
      secret: true,
      access: adminOnly(),
      summary: "All users",
      tag,
      data: z.array(User),
      run: () => users.list().map((account) => ({ ...userJson(account, factors), ...(account.disabled && { disabled: true }) })),
    }),
    route({
      method: "POST",
      path: "/user",
      access: stepUp(adminOnly()),
      summary: "Create a user",
      tag,
      body: UserCreate,
      data: CreatedId,
      run: async ({ caller, body }) => {
        const { id, warning } = await commands.create(caller, body);
        return warning === undefined ? id : new Warned(id, warning);
      },
    }),
    route({
      method: "PATCH",
      path: "/user/:id",
      access: stepUp(adminOnly()),
      summary:
        "Give another user another name, password or role, or disable or enable them; a new password or role and disabling end the user's sessions",
      tag,
      params: idParams,
      body: UserPatch,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        const warning = await edit(caller, params.id, body);
        return warning === undefined ? null : new Warned(null, warning);
      },
    }),
    route({
      method: "POST",
      path: "/user/:id/access",
      access: stepUp(adminOnly()),
      summary: "Make a viewer of a member who owns nothing, say what a viewer sees, or make a member again; ends the user's sessions",
      tag,
      params: idParams,
      body: UserAccess,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await setAccess(caller, params.id, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/user",
      access: stepUp(adminOnly()),
      summary: "Delete users with everything they own",
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

function handOverRoutes(handOver: HandOver): readonly AnyRoute[] {
  const tag = "user";
  return [
    route({
      method: "GET",
      path: "/user/:id/rows",
      access: adminOnly(),
      summary: "What a user owns: what handing over would give away, and deleting the user delete",
      tag,
      params: idParams,
      data: z.array(OwnedRows),
      run: ({ params }) => handOver.preview(params.id),
    }),
    route({
      method: "POST",
      path: "/user/:id/hand-over",
      access: stepUp(adminOnly()),
      summary: "Give everything that a user owns to another; servers by transfers",
      tag,
      params: idParams,
      body: HandOverForm,
      data: HandedOver,
      run: ({ caller, params, body }) => handOver.run(caller, params.id, body.to_user),
    }),
  ];
}

function profileRoutes({ users, commands, oauth2, factors }: UserRoutesDeps): readonly AnyRoute[] {
  const tag = "user";
  return [
    route({
      method: "GET",
      path: "/profile",
      secret: true,
      access: ownAccount(),
      summary: "The own account",
      tag,
      data: Profile,
      run: ({ caller, ip }) => {
        const account = accountOf(caller, users);
        const bound = oauth2.bindingsOf(account.user.id);
        return { ...userJson(account, factors), ...(ip && { login_ip: ip }), ...(Object.keys(bound).length > 0 && { oauth2_bind: bound }) };
      },
    }),
    route({
      method: "POST",
      path: "/profile",
      access: ownAccount(),
      summary: "Change the own name and password; ends all own sessions",
      tag,
      body: ProfileUpdate,
      throttled: true,
      data: Nothing,
      run: async ({ caller, body }) => {
        const warning = await commands.updateProfile(sessionOf(caller), body);
        return warning === undefined ? null : new Warned(null, warning);
      },
    }),
  ];
}

function userJson(account: Account, factors: Pick<FactorRoom, "has">): z.output<typeof User> {
  const { user, agentSecret, rejectPassword, createdAt, updatedAt, viewer } = account;
  return {
    id: user.id,
    created_at: createdAt.rfc3339,
    updated_at: updatedAt.rfc3339,
    username: user.username,
    role: user.role,
    agent_secret: agentSecret,
    ...(rejectPassword && { reject_password: true }),
    ...(factors.has(user.id) && { second_factor: true }),
    ...(viewer && { access: "viewer" as const, servers: [...viewer.serverIds], server_groups: [...viewer.groupIds] }),
  };
}
