import { Nothing, SettingForm, SettingPatch, SettingView } from "@windfire/api";
import { adminOnly, sessionOptional } from "#kernel";
import type { Caller } from "#kernel";
import type { Config } from "#platform/config";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { SettingCommands } from "./commands.ts";
import { formOf, wholeFormOf } from "./form.ts";

export interface SettingRouteDeps {
  readonly commands: SettingCommands;
  readonly view: (caller: Caller) => Promise<SettingView>;
  readonly current: () => Config;
  /** Custom code may be large; everything else keeps the ordinary limit. */
  readonly bodyLimit: number;
}

export function settingRoutes({ commands, view, current, bodyLimit }: SettingRouteDeps): AnyRoute[] {
  const tag = "setting";
  return [
    route({
      method: "GET",
      path: "/setting",
      access: sessionOptional(),
      summary: "Settings, as far as the caller may see them",
      tag,
      data: SettingView,
      run: ({ caller }) => view(caller),
    }),
    route({
      method: "GET",
      path: "/setting/form",
      access: adminOnly(),
      summary: "The settings as PATCH takes them, for scripts with a token",
      tag,
      data: SettingForm,
      run: () => wholeFormOf(current()),
    }),
    route({
      method: "PATCH",
      path: "/setting",
      access: adminOnly(),
      summary: "Replace the settings; what is left out becomes empty, except enable_mcp, allow_jwt_ip_change, enrolment_only and step_up",
      tag,
      body: SettingPatch,
      bodyLimit,
      data: Nothing,
      stored: () => formOf(current()),
      run: async ({ caller, body }) => {
        await commands.update(caller, body);
        return null;
      },
    }),
  ];
}
