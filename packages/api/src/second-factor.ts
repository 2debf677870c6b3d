import { z } from "zod";
import { count } from "./numbers.ts";
import { PasskeyAnswer } from "./passkey.ts";
import { bytes, line, time } from "./text.ts";

const CODE_BYTES = 64;

/** `GET /second-factor`. */
export const SecondFactorView = z
  .object({
    enabled: z.boolean().meta({ description: "A code is asked for when the user signs in with the password" }),
    since: time.optional(),
    recovery_codes_left: count,
  })
  .meta({ id: "SecondFactorView" });
export type SecondFactorView = z.output<typeof SecondFactorView>;

/** `POST /second-factor`: for a code generator (RFC 6238: SHA-1, six digits, 30 seconds). */
export const NewSecondFactor = z
  .object({
    secret: z.string().meta({ description: "Base32", examples: ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"] }),
    uri: z.string().meta({ description: "What a QR code holds", examples: ["otpauth://totp/Windfire:alice?secret=…&issuer=Windfire"] }),
  })
  .meta({ id: "NewSecondFactor" });
export type NewSecondFactor = z.output<typeof NewSecondFactor>;

/** `POST /second-factor/confirm`. */
export const SecondFactorCode = z
  .object({
    code: bytes(CODE_BYTES)
      .default("")
      .meta({ examples: ["123456"] }),
  })
  .meta({ id: "SecondFactorCode" });
export type SecondFactorCode = z.output<typeof SecondFactorCode>;

/** Codes that stand in for a lost generator, each once. This answer is the only one that shows them. */
export const RecoveryCodes = z
  .object({ recovery_codes: z.array(z.string()).meta({ examples: [["abcd-efgh-ijkl-mnop"]] }) })
  .meta({ id: "RecoveryCodes" });
export type RecoveryCodes = z.output<typeof RecoveryCodes>;

/** `POST /step-up`: a code or passkey where the account has a second factor (a recovery code too), the password where it has none. */
export const StepUpProof = z
  .object({ code: bytes(CODE_BYTES).default(""), password: line(), passkey: PasskeyAnswer.optional() })
  .meta({ id: "StepUpProof", examples: [{ code: "123456" }] });
export type StepUpProof = z.output<typeof StepUpProof>;

export const StepUpDone = z.object({ until: time }).meta({ id: "StepUpDone" });
export type StepUpDone = z.output<typeof StepUpDone>;
