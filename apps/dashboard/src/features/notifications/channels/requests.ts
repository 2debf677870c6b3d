import type { ChannelMessage, ServiceAnswer, ServiceRequest } from "./kind.ts";

/** A POST of JSON; members that are `undefined` are left out. */
export function postJson(url: string, body: object, headers: Readonly<Record<string, string>> = {}): ServiceRequest {
  return { method: "POST", url, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** A POST of form fields. */
export function postForm(
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): ServiceRequest {
  const body = new URLSearchParams(fields).toString();
  return { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded", ...headers }, body };
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

export function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

/** Title and text as one, for services that have no titles. */
export function wholeText({ title, text }: ChannelMessage): string {
  return [title, text].filter((part) => part !== "").join("\n");
}

/** For services that want a title at any rate. */
export function heading({ title }: ChannelMessage): string {
  return title === "" ? "Windfire" : title;
}

/** For services that want a text at any rate. */
export function textOrTitle({ title, text }: ChannelMessage): string {
  return text === "" ? title : text;
}

/** Names of servers come from elsewhere: nobody calls a whole room by one. */
export function withoutMentions(text: string): string {
  return text.replace(/@(?=all|channel|here|everyone|\*\*)/gi, "@\u200B");
}

/** What stands at `a.b.0` of a JSON value. */
export function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, name) => (typeof inner === "object" && inner !== null ? (Reflect.get(inner, name) as unknown) : undefined),
      value,
    );
}

/** Milliseconds from a number of seconds somewhere in an answer. */
export function secondsAt(path: string): (answer: ServiceAnswer) => number | undefined {
  return ({ json }) => {
    const seconds = Number(at(json, path) ?? Number.NaN);
    return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
  };
}

/** A code of some services that answer 200 whatever happened. */
export function codeAt(path: string): (answer: ServiceAnswer) => number {
  return ({ json }) => Number(at(json, path) ?? 0);
}
