import { z } from "zod";
import { bytes, line, time } from "./text.ts";

/** `POST /login`; a form has the same fields as `Username` and `Password` (spec 10 section 6.1). */
export const LoginRequest = z
  .object({
    username: line(),
    password: line(),
    code: bytes(64)
      .optional()
      .meta({
        description:
          "Accounts with a second factor: the code shown now, or a recovery code. Where the field is left out, the last six digits of the " +
          "password are the code and the rest is the password; with an empty one the answer to a right password is `second factor required`",
      }),
  })
  .meta({ id: "LoginRequest", examples: [{ username: "admin", password: "a-good-one" }] });
export type LoginRequest = z.output<typeof LoginRequest>;

/** Answer of `POST /login` and `POST /refresh-token`; the cookies `nz-jwt` and `nz-csrf` are set as well. */
export const LoginResponse = z
  .object({
    token: z.string().meta({ description: "JWT" }),
    expire: time.meta({ description: "When the token ends, whole seconds" }),
  })
  .meta({ id: "LoginResponse" });
export type LoginResponse = z.output<typeof LoginResponse>;
