import { createGuessThrottle } from "#access/protection";
import type { HostCredential } from "#features/fleet";
import type { Clock, RandomBytes } from "@windfire/kit";
import { randomText } from "@windfire/kit";
import { countedAlone } from "#platform/bus";
import type { ShareCount } from "#platform/bus";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createEnrolmentCodes } from "./codes.ts";
import type { EnrolmentCodeDeps } from "./codes.ts";
import { createCredentialLookUp, followRevocations } from "./credentials.ts";
import { createEnrolledHosts } from "./hosts.ts";
import type { EnrolledHostDeps } from "./hosts.ts";
import { CODE_LENGTH, CREDENTIAL_LENGTH, CREDENTIAL_PREFIX } from "./model.ts";
import { enrolmentRoutes } from "./routes.ts";
import { enrolmentKind } from "./store.ts";

/** What the room needs of others. */
export interface EnrolmentDeps {
  readonly clock: Clock;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly database: Database;
  readonly audit: EnrolmentCodeDeps["audit"];
  readonly isOwner: EnrolmentCodeDeps["isOwner"];
  readonly findGroup: EnrolmentCodeDeps["findGroup"];
  readonly admit: EnrolledHostDeps["admit"];
  readonly findServer: EnrolledHostDeps["findServer"];
  readonly server: EnrolledHostDeps["server"];
  readonly endOtherCredentials: EnrolledHostDeps["endOtherCredentials"];
  /** Ends all streams of these servers' agents. */
  readonly cut: (serverIds: readonly number[]) => void;
  /** With whom the pace of guesses is shared; nobody unless told. */
  readonly share?: ShareCount;
}

export { installPages } from "./install/install-pages.ts";
export type { InstallSources } from "./install/install-pages.ts";
export { layOutOwnNode } from "./install/own-node.ts";

export interface Enrolment {
  readonly routes: readonly AnyRoute[];
  /** For the agents' sign-in. */
  readonly credential: (secret: string) => HostCredential | undefined;
  readonly cascades: { readonly servers: Cascade; readonly users: Cascade };
}

/** Gives hosts credentials of their own, by one-time codes. */
export async function createEnrolment(deps: EnrolmentDeps): Promise<Enrolment> {
  const enrolments = await deps.database.keep(enrolmentKind);
  const codes = createEnrolmentCodes({ ...deps, newCode: () => randomText(deps.random, CODE_LENGTH) });
  const hosts = createEnrolledHosts({
    ...deps,
    enrolments,
    throttle: createGuessThrottle({ clock: deps.clock, share: (deps.share ?? countedAlone)("enrolment codes") }),
    newCredential: () => CREDENTIAL_PREFIX + randomText(deps.random, CREDENTIAL_LENGTH),
  });
  followRevocations(enrolments, deps.cut);
  return { routes: enrolmentRoutes(codes, hosts), credential: createCredentialLookUp(enrolments), cascades: hosts.cascades };
}
