import { NewSecondFactor, Nothing, RecoveryCodes, SecondFactorCode, SecondFactorView, StepUpDone, StepUpProof } from "@windfire/api";
import type { FactorRoom, RelyingParty } from "#access/factors";
import { adminSession, formatInstant, ownAccount, stepUp } from "#kernel";
import { header, idParams, route } from "#platform/http";
import type { AnyRoute, Visit } from "#platform/http";
import type { ProofCommands } from "./proof-commands.ts";
import { sessionOf } from "./routes-session.ts";

export interface ProofRoutesDeps {
  readonly factors: FactorRoom;
  readonly commands: ProofCommands;
  /** @throws {AppError} where passkeys cannot be used */
  readonly party: (visit: Visit) => RelyingParty;
}

const TAG = "second-factor";

/** The second factor and proving again who one is. All of it is ours. */
export function proofRoutes(deps: ProofRoutesDeps): readonly AnyRoute[] {
  return [...ownRoutes(deps), ...recoveryRoutes(deps), ...otherRoutes(deps)];
}

function ownRoutes({ factors, commands }: ProofRoutesDeps): readonly AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/second-factor",
      access: ownAccount(),
      summary: "The own second factor",
      tag: TAG,
      data: SecondFactorView,
      run: async ({ caller }) => {
        const { id } = sessionOf(caller).user;
        const factor = factors.of(id);
        const left = { recovery_codes_left: await factors.recoveryCodesLeft(id) };
        return factor ? { enabled: true, since: formatInstant(factor.since), ...left } : { enabled: false, ...left };
      },
    }),
    route({
      method: "POST",
      path: "/second-factor",
      secret: true,
      access: stepUp(ownAccount(), "always"),
      summary: "Begin to set up a code generator; it is not asked for until a code was confirmed",
      tag: TAG,
      data: NewSecondFactor,
      run: ({ caller }) => commands.begin(sessionOf(caller)),
    }),
    route({
      method: "DELETE",
      path: "/second-factor",
      access: stepUp(ownAccount(), "always"),
      summary: "Remove the own second factor with its recovery codes",
      tag: TAG,
      data: Nothing,
      run: async ({ caller }) => {
        await commands.remove(sessionOf(caller));
        return null;
      },
    }),
  ];
}

function recoveryRoutes({ commands }: ProofRoutesDeps): readonly AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/second-factor/confirm",
      secret: true,
      access: stepUp(ownAccount(), "always"),
      summary: "Show the first code: it is asked for from now on; the answer is the only time that the recovery codes are shown",
      tag: TAG,
      body: SecondFactorCode,
      throttled: true,
      data: RecoveryCodes,
      run: async ({ caller, body }) => ({ recovery_codes: [...(await commands.confirm(sessionOf(caller), body.code))] }),
    }),
    route({
      method: "POST",
      path: "/second-factor/recovery-codes",
      secret: true,
      access: stepUp(ownAccount(), "always"),
      summary: "New recovery codes, also for who has passkeys alone; the older ones are no good any more",
      tag: TAG,
      data: RecoveryCodes,
      run: async ({ caller }) => ({ recovery_codes: [...(await commands.renewRecoveryCodes(sessionOf(caller)))] }),
    }),
  ];
}

function otherRoutes({ commands, party }: ProofRoutesDeps): readonly AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/user/:id/reset-second-factor",
      access: stepUp(adminSession()),
      summary: "Take the second factor from a user who has lost it, and end the user's sessions",
      tag: TAG,
      params: idParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await commands.reset(caller, params.id);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/step-up",
      access: ownAccount(),
      summary: "Prove again who one is; holds ten minutes for this session",
      tag: TAG,
      body: StepUpProof,
      throttled: true,
      data: StepUpDone,
      run: async ({ caller, body, visit }) => ({
        until: formatInstant(
          await commands.prove(sessionOf(caller), body, { userAgent: header(visit, "user-agent"), party: () => party(visit) }),
        ),
      }),
    }),
  ];
}
