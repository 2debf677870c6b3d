import { z } from "zod";

const LINE = 8 * 1024;

interface Wording {
  readonly title: string;
  readonly description?: string;
  readonly examples?: readonly string[];
  /** What a text that is not empty has to look like, and how that is said. */
  readonly pattern?: readonly [RegExp, string];
}

function meta({ title, description, examples }: Wording) {
  return { title, ...(description === undefined ? {} : { description }), ...(examples === undefined ? {} : { examples: [...examples] }) };
}

const text = ({ pattern }: Wording) => {
  const plain = z.string().trim().max(LINE);
  return pattern === undefined ? plain : plain.regex(...pattern);
};
const required = (wording: Wording) => text(wording).min(1, "must not be empty");
const optional = (wording: Wording) => text(wording).default("");
const isWebAddress = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
const WEB_ADDRESS = "must be a URL that begins with http:// or https://";

/** A text that may be shown. */
export const line = (wording: Wording) => required(wording).meta(meta(wording));
export const optionalLine = (wording: Wording) => optional(wording).meta(meta(wording));

/** A text that goes in and never comes out. */
export const secret = (wording: Wording) => required(wording).meta({ ...meta(wording), format: "password", writeOnly: true });
export const optionalSecret = (wording: Wording) => optional(wording).meta({ ...meta(wording), format: "password", writeOnly: true });
/** A URL that is itself the credential. */
export const secretUrl = (wording: Wording) =>
  required(wording)
    .refine(isWebAddress, WEB_ADDRESS)
    .meta({ ...meta(wording), format: "password", writeOnly: true });

/** Where the service is: when it changes, credentials have to be entered again. Without a slash at the end. */
export const server = (wording: Wording, usual?: string) => {
  const url = required(wording)
    .refine(isWebAddress, WEB_ADDRESS)
    .overwrite((given) => given.replace(/(?<!\/)\/+$/, ""))
    .meta({ ...meta(wording), format: "uri", address: true });
  return usual === undefined ? url : url.default(usual);
};

export const flag = (wording: Wording, usual = false) => z.boolean().default(usual).meta(meta(wording));
export const choice = <const T extends readonly [string, ...string[]]>(wording: Wording, values: T, usual: T[number]) =>
  z.enum(values).default(usual).meta(meta(wording));
export const verifyTls = flag({ title: "Check the certificate" }, true);

/** Texts of a list written with commas or line breaks. */
export function listOf(entries: string): string[] {
  return entries
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
