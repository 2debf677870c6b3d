import type { PasskeyAnswer, PasskeyCreation } from "@windfire/api";

/** Whether this browser can do it here: by HTTPS or on this machine. */
export function canUsePasskeys(): boolean {
  return isSecureContext && "PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Has the browser make a passkey. Rejects when the user does not go along. */
export async function makePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<PasskeyCreation["response"]> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return jsonOf(await navigator.credentials.create({ publicKey })) as PasskeyCreation["response"];
}

/** Has a passkey sign. Rejects when the user does not go along. */
export async function signWithPasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<PasskeyAnswer> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return jsonOf(await navigator.credentials.get({ publicKey })) as PasskeyAnswer;
}

function jsonOf(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("there is no passkey");
  return credential.toJSON();
}
