import { z } from "zod";
import { line, time } from "./text.ts";

/** `POST /login`; a form has the same fields as `Username` and `Password` (spec 10 section 6.1). */
export const LoginRequest = z
  .object({ username: line(), password: line() })
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
