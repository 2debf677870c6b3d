import { textAtPath } from "./json-path.ts";

/** What a token goes by in an `Authorization` header, when it is not the usual word. */
const SPELLINGS: Readonly<Record<string, string>> = { "": "Bearer", bearer: "Bearer", mac: "MAC", basic: "Basic" };

export interface TokenAnswer {
  /** The answer as the standard has it: what the client library reads. */
  readonly response: Response;
  /** The token's type, as it is said to the provider. */
  readonly type: string;
}

/**
 * Takes a token answer in any of the forms that providers give it, a form or JSON, with an error in an answer of 200 or without a type
 * (spec 10 section 8.3), to the one of RFC 6749. An identity token is left out: who somebody is comes from the user info.
 */
export async function plainTokenAnswer(answer: Response): Promise<TokenAnswer> {
  const fields = readFields(await answer.text(), answer.headers.get("content-type") ?? "");
  const type = SPELLINGS[fields.type.toLowerCase()] ?? fields.type;
  if (fields.error !== "") return { response: Response.json({ error: fields.error }, { status: 400 }), type };
  if (!answer.ok) return { response: new Response(null, { status: answer.status }), type };
  const token = fields.accessToken === "" ? {} : { access_token: fields.accessToken, token_type: "bearer" };
  return { response: Response.json(token), type };
}

interface Fields {
  readonly accessToken: string;
  readonly type: string;
  readonly error: string;
}

function readFields(text: string, contentType: string): Fields {
  const kind = contentType.split(";", 1)[0]?.trim().toLowerCase();
  if (kind === "application/x-www-form-urlencoded" || kind === "text/plain") {
    const form = new URLSearchParams(text);
    return { accessToken: form.get("access_token") ?? "", type: form.get("token_type") ?? "", error: errorCode(form.get("error") ?? "") };
  }
  try {
    return {
      accessToken: textAtPath(text, "access_token"),
      type: textAtPath(text, "token_type"),
      error: errorCode(textAtPath(text, "error")),
    };
  } catch {
    return { accessToken: "", type: "", error: "" };
  }
}

/** Only what RFC 6749 allows in an error code gets out. */
function errorCode(text: string): string {
  return /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(text) ? text : text && "error";
}
