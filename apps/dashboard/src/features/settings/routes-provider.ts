import { Nothing, ProviderNames, SignInProvider, SignInProviderForm } from "@windfire/api";
import { z } from "zod";
import { adminSession, stepUp } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ProviderCommands } from "./provider-commands.ts";

const tag = "setting";

/** Sign-in providers. Ours: the reference reads them from its file alone. */
export function providerRoutes(commands: ProviderCommands): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/sign-in-provider",
      access: adminSession(),
      summary: "Providers that people sign in through, without their secrets",
      tag,
      data: z.array(SignInProvider),
      run: () => commands.list(),
    }),
    route({
      method: "POST",
      path: "/sign-in-provider",
      access: stepUp(adminSession(), "always"),
      summary: "Make or replace the provider of this name, in config.yaml",
      tag,
      body: SignInProviderForm,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.save(caller, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/sign-in-provider",
      access: stepUp(adminSession(), "always"),
      summary: "Take providers out of config.yaml, by name; who is bound to them stays bound",
      tag,
      body: ProviderNames,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.delete(caller, body);
        return null;
      },
    }),
  ];
}
