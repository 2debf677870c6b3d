import { z } from "zod";
import { uint8 } from "./numbers.ts";

/** What an OAuth2 flow is started for (spec 10 section 8.2); other numbers behave like login. */
export const OAUTH2_ACTION = { login: 1, bind: 2 } as const;

/** Path parameter of the OAuth2 routes: the name as configured, case counts. */
export const ProviderParams = z.object({ provider: z.string() });

function parseAction(text: string, context: z.RefinementCtx): number {
  const shown = JSON.stringify(text);
  if (!/^\d+$/.test(text))
    context.addIssue({
      code: "custom",
      message: `strconv.ParseUint: parsing ${shown}: invalid syntax`,
    });
  else if (Number(text) > 255)
    context.addIssue({
      code: "custom",
      message: `strconv.ParseUint: parsing ${shown}: value out of range`,
    });
  return Number(text);
}

/** Query of `GET /oauth2/{provider}`. */
export const OAuth2StartQuery = z.object({
  type: z
    .string()
    .default("")
    .transform(parseAction)
    .pipe(uint8)
    .meta({ description: "1 login, 2 bind", examples: ["1"] }),
});
export type OAuth2StartQuery = z.output<typeof OAuth2StartQuery>;

/** `GET /oauth2/{provider}`: where the browser goes next. */
export const OAuth2Start = z
  .object({
    redirect: z.string().meta({ format: "uri", description: "Authorisation page of the provider" }),
  })
  .meta({ id: "OAuth2Start" });
export type OAuth2Start = z.output<typeof OAuth2Start>;

/** Query of `GET /oauth2/callback`; the handler says what is missing. */
export const OAuth2CallbackQuery = z.object({
  state: z.string().default(""),
  code: z.string().default(""),
  iss: z.string().default("").meta({ description: "Who sends the browser back (RFC 9207)" }),
});
export type OAuth2CallbackQuery = z.output<typeof OAuth2CallbackQuery>;

/** `POST /logout`: where signing out goes on, at the provider that somebody came through; `null`: nowhere. */
export const SignedOut = z.object({ redirect: z.string() }).nullable().meta({ id: "SignedOut" });
export type SignedOut = z.output<typeof SignedOut>;
