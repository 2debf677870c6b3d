import type { HostCredential } from "#features/fleet";
import { CREDENTIAL_PREFIX, hashOf, isGood } from "./model.ts";
import type { Enrolments } from "./store.ts";

/** Whose credential an agent signs in with; undefined for what is none, and for one that nobody remembers. */
export function createCredentialLookUp(enrolments: Pick<Enrolments, "by">): (secret: string) => HostCredential | undefined {
  return (secret) => {
    if (!secret.startsWith(CREDENTIAL_PREFIX)) return undefined;
    const [enrolment] = enrolments.by("hash", hashOf(secret));
    return enrolment && { ...enrolment, isGood: isGood(enrolment) };
  };
}

/** Ends the streams of hosts whose credential has ended. */
export function followRevocations(enrolments: Pick<Enrolments, "subscribe">, cut: (serverIds: readonly number[]) => void): void {
  enrolments.subscribe({
    changed: ({ before, after }) => {
      if (before && isGood(before) && !(after && isGood(after))) cut([before.serverId]);
    },
    // What happened meanwhile is not known: a host that was enrolled anew comes back at once.
    reloaded: (all) => cut(all.filter((enrolment) => !isGood(enrolment)).map(({ serverId }) => serverId)),
  });
}
