import { KeyError } from "./config-error.ts";
import { parseFlag, parseText } from "./keys.ts";
import { lookUp } from "./raw.ts";
import type { RawMap } from "./raw.ts";

/** Where history is kept (spec 41 section 11). */
export type HistoryPlace =
  | { readonly kind: "off" }
  /** In the folder `history` beside the database. */
  | { readonly kind: "embedded" }
  | {
      readonly kind: "victoriametrics";
      /** `http://host:port/prefix`, without a slash at its end and without credentials. */
      readonly url: string;
      /** Value of the header `Authorization`; empty without credentials. Never to be shown. */
      readonly authorization: string;
    };

const KEY = "history";
const TOKEN_KEY = "history_token";
const ELSEWHERE = "victoriametrics";
const RULE = "must be on, off, or victoriametrics and its address, as in victoriametrics http://127.0.0.1:8428";
const TOKEN = /^[\u0021-\u007e]{1,4096}$/;

/** Reads `history` and `history_token`. The errors never hold the value: it may have a password in it. */
export function readHistoryPlace([file, environment]: readonly [file: RawMap, environment: RawMap]): HistoryPlace {
  const raw = lookUp(file, KEY) ?? lookUp(environment, KEY);
  const tokenValue = lookUp(file, TOKEN_KEY) ?? lookUp(environment, TOKEN_KEY);
  const token = tokenValue === undefined ? "" : parseText(tokenValue ?? "", TOKEN_KEY);
  if (raw === undefined || raw === "") return { kind: "embedded" };
  if (typeof raw !== "string") throw new KeyError(KEY, RULE);
  const word = raw.slice(0, ELSEWHERE.length + 1);
  if (word.trim().toLowerCase() === ELSEWHERE) return elsewhere(raw.slice(ELSEWHERE.length).trim(), token);
  return { kind: flagOf(raw) ? "embedded" : "off" };
}

function flagOf(text: string): boolean {
  try {
    return parseFlag(text, KEY);
  } catch {
    throw new KeyError(KEY, RULE);
  }
}

function elsewhere(address: string, token: string): HistoryPlace {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) throw new KeyError(KEY, RULE);
  if (url.search !== "" || url.hash !== "") throw new KeyError(KEY, "must be an address without ? and #");
  const hasUser = url.username !== "" || url.password !== "";
  if (hasUser && token !== "") throw new KeyError(TOKEN_KEY, "must be left out where history has a user in its address");
  if (token !== "" && !TOKEN.test(token)) throw new KeyError(TOKEN_KEY, "must be up to 4096 characters of ASCII without spaces");
  const user = `${decoded(url.username)}:${decoded(url.password)}`;
  const basic = hasUser ? `Basic ${Buffer.from(user).toString("base64")}` : "";
  return {
    kind: "victoriametrics",
    url: `${url.origin}${url.pathname.endsWith("/") ? url.pathname.slice(0, -1) : url.pathname}`,
    authorization: token === "" ? basic : `Bearer ${token}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new KeyError(KEY, "has a user or a password whose % is not written as %25");
  }
}
