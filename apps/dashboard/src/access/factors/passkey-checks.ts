import type * as Library from "@simplewebauthn/server";
import type { PasskeyAnswer, PasskeyCreation } from "@windfire/api";
import type { PasskeysTable } from "#platform/database";
import type { RelyingParty } from "./relying-party.ts";

/** The library is loaded when somebody first uses a passkey: it takes a tenth of a second. */
async function library(): Promise<typeof Library> {
  return import("@simplewebauthn/server");
}

/** Whether a challenge is one of ours, which it is once. */
type TakeChallenge = (challenge: string) => Promise<boolean>;

/** What is stored of a passkey that was made just now; `undefined` when the answer does not show one of this site, with its user verified. */
export async function checkCreation(
  response: PasskeyCreation["response"],
  party: RelyingParty,
  take: TakeChallenge,
): Promise<Pick<PasskeysTable, "id" | "public_key" | "counter" | "transports"> | undefined> {
  const { verifyRegistrationResponse } = await library();
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: take,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    if (!verified) return undefined;
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    return { id, public_key: Buffer.from(publicKey).toString("base64url"), counter, transports: JSON.stringify(transports) };
  } catch {
    return undefined;
  }
}

/** The new counter of a passkey that signed for this site, with its user verified; `undefined` when it did not. */
export async function checkAnswer(
  answer: PasskeyAnswer,
  key: PasskeysTable,
  party: RelyingParty,
  take: TakeChallenge,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await library();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as Library.AuthenticationResponseJSON,
      expectedChallenge: take,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: { id: key.id, publicKey: new Uint8Array(Buffer.from(key.public_key, "base64url")), counter: key.counter },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    return undefined;
  }
}
