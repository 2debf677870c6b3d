import { z } from "zod";
import { bytes, name, time } from "./text.ts";

const base64url = bytes(16 * 1024);
const extensions = z.record(z.string(), z.unknown()).default({});

/** `GET /passkey`. */
export const Passkey = z
  .object({ id: z.string(), name: z.string(), created_at: time, last_used_at: time.optional() })
  .meta({ id: "Passkey" });
export type Passkey = z.output<typeof Passkey>;

/** What a browser takes by `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` (WebAuthn level 3). */
export const PasskeyOptions = z.record(z.string(), z.unknown()).meta({ id: "PasskeyOptions" });
export type PasskeyOptions = z.output<typeof PasskeyOptions>;

/** What every answer of `credential.toJSON()` holds. */
const credential = {
  id: base64url,
  rawId: base64url,
  type: z.literal("public-key"),
  clientExtensionResults: extensions,
};

/** `POST /passkey`: what `credential.toJSON()` gives after `navigator.credentials.create`. */
export const PasskeyCreation = z
  .object({
    name: name(),
    response: z.object({
      ...credential,
      response: z.object({
        clientDataJSON: base64url,
        attestationObject: base64url,
        transports: z.array(bytes(64)).max(16).default([]),
      }),
    }),
  })
  .meta({ id: "PasskeyCreation" });
export type PasskeyCreation = z.output<typeof PasskeyCreation>;

/** `POST /login/passkey`: what `credential.toJSON()` gives after `navigator.credentials.get`. */
export const PasskeyAnswer = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: base64url.optional(),
    }),
  })
  .meta({ id: "PasskeyAnswer" });
export type PasskeyAnswer = z.output<typeof PasskeyAnswer>;

export const PasskeyParams = z.object({ id: z.string().meta({ description: "Of the credential, Base64url" }) });
