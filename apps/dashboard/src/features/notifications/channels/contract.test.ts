import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createOutbound } from "#platform/outbound";
import type { Outbound } from "#platform/outbound";
import { createSealing } from "#platform/sealing";
import { attempt } from "../typed/attempt.ts";
import { parseSettings, secretFields, secretValues } from "../typed/settings.ts";
import type { ChannelMessage } from "./kind.ts";
import { CHANNEL_KINDS, kindNamed } from "./registry.ts";

/** What a service was asked. */
interface Asked {
  readonly method: string;
  /** As the client named it. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a fake answers. */
interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Case {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Address of the request of {@link MESSAGE}. */
  readonly asks: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the fields of a form. */
  readonly body?: unknown;
  readonly accepts: Reply;
  /** A documented refusal, and what is shown of it. */
  readonly refuses: readonly [Reply, string];
  /** The service's own way of asking for patience, and for how long. */
  readonly limits: readonly [Reply, number];
}

const MESSAGE: ChannelMessage = {
  title: "[Incident] web-1",
  text: "Value: 97 %\nLimit: 90 %",
  severity: "critical",
  kind: "incident",
  link: "https://monitor.example.org/dashboard/incident/7",
  event: "alert 3 server 5 event 9",
  id: "12.1700000000000",
};
const WHOLE = "[Incident] web-1\nValue: 97 %\nLimit: 90 %";
const SECRET = "s3cr3t-token-value";
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  body,
  headers: { "content-type": "application/json", ...headers },
});
const tooMany = (body: unknown = {}): readonly [Reply, number] => [json(429, body, { "retry-after": "7" }), 7_000];
const alias = "50c3ae";

const CASES: Readonly<Record<string, Case>> = {
  telegram: {
    settings: { token: SECRET, chat_id: "-100", thread_id: "7", silent: true },
    asks: `POST https://api.telegram.org/bot${SECRET}/sendMessage`,
    body: { chat_id: "-100", message_thread_id: 7, text: WHOLE, disable_notification: true, link_preview_options: { is_disabled: true } },
    accepts: json(200, { ok: true, result: {} }),
    refuses: [
      json(400, { ok: false, error_code: 400, description: "Bad Request: chat not found" }),
      "400 Bad Request: Bad Request: chat not found",
    ],
    limits: [json(429, { ok: false, description: "Too Many Requests: retry after 35", parameters: { retry_after: 35 } }), 35_000],
  },
  discord: {
    settings: { url: `https://discord.com/api/webhooks/1/${SECRET}`, username: "Windfire" },
    asks: `POST https://discord.com/api/webhooks/1/${SECRET}?wait=true`,
    body: { content: WHOLE, username: "Windfire", allowed_mentions: { parse: [] }, flags: 4 },
    accepts: json(200, { id: "1" }),
    refuses: [json(404, { message: "Unknown Webhook", code: 10015 }), "404 Not Found: Unknown Webhook"],
    limits: [json(429, { message: "You are being rate limited.", retry_after: 64.57, global: false }, { "retry-after": "65" }), 65_000],
  },
  slack: {
    settings: { url: `https://hooks.slack.com/services/T0/B0/${SECRET}` },
    asks: `POST https://hooks.slack.com/services/T0/B0/${SECRET}`,
    body: { text: WHOLE, unfurl_links: false },
    accepts: { status: 200, body: "ok" },
    refuses: [{ status: 404, body: "no_service" }, "404 Not Found: no_service"],
    limits: tooMany("rate_limited"),
  },
  ntfy: {
    settings: { topic: "ops", token: SECRET },
    asks: "POST https://ntfy.sh/",
    headers: { authorization: `Bearer ${SECRET}` },
    body: { topic: "ops", title: MESSAGE.title, message: MESSAGE.text, priority: 5, tags: ["rotating_light"], click: MESSAGE.link },
    accepts: json(200, { id: "x", event: "message" }),
    refuses: [json(403, { code: 40301, http: 403, error: "forbidden" }), "403 Forbidden: forbidden"],
    limits: tooMany({ code: 42901, http: 429, error: "limit reached: too many requests" }),
  },
  gotify: {
    settings: { server: "https://gotify.test/", token: SECRET },
    asks: "POST https://gotify.test/message",
    headers: { "x-gotify-key": SECRET },
    body: {
      title: MESSAGE.title,
      message: MESSAGE.text,
      priority: 8,
      extras: { "client::notification": { click: { url: MESSAGE.link } } },
    },
    accepts: json(200, { id: 1 }),
    refuses: [
      json(401, { error: "Unauthorized", errorCode: 401, errorDescription: "you need to provide a valid access token" }),
      "401 Unauthorized: you need to provide a valid access token",
    ],
    limits: tooMany(),
  },
  pushover: {
    settings: { token: SECRET, user: "u-s3cr3t-key", emergency: true },
    asks: "POST https://api.pushover.net/1/messages.json",
    body: {
      token: SECRET,
      user: "u-s3cr3t-key",
      title: MESSAGE.title,
      message: MESSAGE.text,
      priority: 2,
      retry: 60,
      expire: 3600,
      url: MESSAGE.link,
    },
    accepts: json(200, { status: 1, request: "r" }),
    refuses: [
      json(400, { user: "invalid", errors: ["user identifier is invalid"], status: 0 }),
      "400 Bad Request: user identifier is invalid",
    ],
    limits: tooMany({ errors: ["application has exceeded its limit"], status: 0 }),
  },
  mattermost: {
    settings: { url: `https://mm.test/hooks/${SECRET}`, channel: "town", username: "wf" },
    asks: `POST https://mm.test/hooks/${SECRET}`,
    body: { text: WHOLE, channel: "town", username: "wf" },
    accepts: { status: 200, body: "ok" },
    refuses: [
      json(400, { id: "web.incoming_webhook.invalid.app_error", message: "Invalid webhook", status_code: 400 }),
      "400 Bad Request: Invalid webhook",
    ],
    limits: tooMany("limit exceeded"),
  },
  rocketchat: {
    settings: { url: `https://rc.test/hooks/1/${SECRET}`, channel: "#ops", alias: "wf" },
    asks: `POST https://rc.test/hooks/1/${SECRET}`,
    body: { text: WHOLE, channel: "#ops", alias: "wf" },
    accepts: json(200, { success: true }),
    refuses: [json(200, { success: false, error: "invalid-channel" }), "invalid-channel"],
    limits: tooMany({ success: false, error: "Error, too many requests." }),
  },
  teams: {
    settings: { url: `https://prod.logic.azure.com/workflows/1?sig=${SECRET}` },
    asks: `POST https://prod.logic.azure.com/workflows/1?sig=${SECRET}`,
    body: {
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: {
            $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
            type: "AdaptiveCard",
            version: "1.4",
            body: [
              { type: "TextBlock", text: MESSAGE.title, weight: "Bolder", wrap: true },
              { type: "TextBlock", text: "Value: 97 %\n\nLimit: 90 %", wrap: true },
            ],
            actions: [{ type: "Action.OpenUrl", title: "Windfire", url: MESSAGE.link }],
          },
        },
      ],
    },
    accepts: { status: 202 },
    refuses: [
      json(401, { error: { code: "DirectApiAuthorizationRequired", message: "The request must be authenticated" } }),
      "401 Unauthorized: The request must be authenticated",
    ],
    limits: tooMany({ error: { code: "TooManyRequests", message: "slow down" } }),
  },
  googlechat: {
    settings: { url: `https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=${SECRET}` },
    asks: `POST https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=${SECRET}`,
    body: { text: WHOLE },
    accepts: json(200, { name: "spaces/A/messages/B" }),
    refuses: [
      json(403, { error: { code: 403, message: "The caller does not have permission", status: "PERMISSION_DENIED" } }),
      "403 Forbidden: The caller does not have permission",
    ],
    limits: tooMany({ error: { code: 429, message: "Resource has been exhausted" } }),
  },
  dingtalk: {
    settings: { token: SECRET },
    asks: `POST https://oapi.dingtalk.com/robot/send?access_token=${SECRET}`,
    body: { msgtype: "text", text: { content: WHOLE } },
    accepts: json(200, { errcode: 0, errmsg: "ok" }),
    refuses: [json(200, { errcode: 300001, errmsg: "token is not exist" }), "token is not exist"],
    limits: [json(200, { errcode: 130101, errmsg: "send too fast" }), 60_000],
  },
  feishu: {
    settings: { url: `https://open.feishu.cn/open-apis/bot/v2/hook/${SECRET}` },
    asks: `POST https://open.feishu.cn/open-apis/bot/v2/hook/${SECRET}`,
    body: { msg_type: "text", content: { text: WHOLE } },
    accepts: json(200, { code: 0, msg: "success", data: {} }),
    refuses: [json(200, { code: 19024, msg: "Key Words Not Found", data: {} }), "Key Words Not Found"],
    limits: [json(200, { code: 11232, msg: "frequency limited" }), 60_000],
  },
  wecom: {
    settings: { key: SECRET },
    asks: `POST https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${SECRET}`,
    body: { msgtype: "text", text: { content: WHOLE } },
    accepts: json(200, { errcode: 0, errmsg: "ok" }),
    refuses: [json(200, { errcode: 93000, errmsg: "invalid webhook url" }), "invalid webhook url"],
    limits: [json(200, { errcode: 45009, errmsg: "api freq out of limit" }), 60_000],
  },
  bark: {
    settings: { device_key: SECRET },
    asks: "POST https://api.day.app/push",
    body: { device_key: SECRET, title: MESSAGE.title, body: MESSAGE.text, level: "timeSensitive", group: "Windfire", url: MESSAGE.link },
    accepts: json(200, { code: 200, message: "success" }),
    refuses: [json(400, { code: 400, message: "failed to get device token" }), "400 Bad Request: failed to get device token"],
    limits: tooMany({ code: 429, message: "slow down" }),
  },
  serverchan: {
    settings: { sendkey: "sctp123tSecretKey" },
    asks: "POST https://123.push.ft07.com/send/sctp123tSecretKey.send",
    body: { title: MESSAGE.title, desp: MESSAGE.text },
    accepts: json(200, { code: 0, message: "SUCCESS" }),
    refuses: [json(200, { code: 40001, message: "bad pushtoken" }), "bad pushtoken"],
    limits: tooMany({ code: 429, message: "slow down" }),
  },
  pushbullet: {
    settings: { token: SECRET, device: "d1", channel: "" },
    asks: "POST https://api.pushbullet.com/v2/pushes",
    headers: { "access-token": SECRET },
    body: { type: "link", title: MESSAGE.title, body: MESSAGE.text, url: MESSAGE.link, device_iden: "d1", guid: MESSAGE.id },
    accepts: json(200, { iden: "x" }),
    refuses: [
      json(401, { error: { code: "invalid_access_token", type: "invalid_request", message: "Access token is missing or invalid." } }),
      "401 Unauthorized: Access token is missing or invalid.",
    ],
    limits: tooMany({ error: { message: "You have been ratelimited" } }),
  },
  matrix: {
    settings: { server: "https://hs.test", room: "!r:hs.test", token: SECRET },
    asks: `PUT https://hs.test/_matrix/client/v3/rooms/!r%3Ahs.test/send/m.room.message/${MESSAGE.id}`,
    headers: { authorization: `Bearer ${SECRET}` },
    body: { msgtype: "m.text", body: WHOLE, "m.mentions": {} },
    accepts: json(200, { event_id: "$e" }),
    refuses: [json(403, { errcode: "M_FORBIDDEN", error: "User not in room" }), "403 Forbidden: User not in room"],
    limits: [json(429, { errcode: "M_LIMIT_EXCEEDED", error: "Too Many Requests", retry_after_ms: 2_500 }), 2_500],
  },
  pagerduty: {
    settings: { routing_key: SECRET, region: "eu" },
    asks: "POST https://events.eu.pagerduty.com/v2/enqueue",
    body: {
      routing_key: SECRET,
      event_action: "trigger",
      dedup_key: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      client: "Windfire",
      client_url: MESSAGE.link,
      payload: { summary: MESSAGE.title, source: "Windfire", severity: "critical", custom_details: { text: MESSAGE.text } },
    },
    accepts: json(202, { status: "success", message: "Event processed", dedup_key: alias }),
    refuses: [
      json(400, { status: "invalid event", message: "Event object is invalid", errors: ["'routing_key' is invalid"] }),
      "400 Bad Request: 'routing_key' is invalid",
    ],
    limits: tooMany(),
  },
  opsgenie: {
    settings: { key: SECRET },
    asks: "POST https://api.opsgenie.com/v2/alerts",
    headers: { authorization: `GenieKey ${SECRET}` },
    body: {
      message: MESSAGE.title,
      alias: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      description: MESSAGE.text,
      source: "Windfire",
      priority: "P1",
    },
    accepts: json(202, { result: "Request will be processed", took: 0.1, requestId: "r" }),
    refuses: [
      json(422, { message: "Key format is not valid!", took: 0.001, requestId: "r" }),
      "422 Unprocessable Entity: Key format is not valid!",
    ],
    limits: tooMany({ message: "You are making too many requests!" }),
  },
  line: {
    settings: { token: SECRET, to: "U1" },
    asks: "POST https://api.line.me/v2/bot/message/push",
    headers: { authorization: `Bearer ${SECRET}` },
    body: { to: "U1", messages: [{ type: "text", text: WHOLE }] },
    accepts: json(409, { message: "The retry key is already accepted" }),
    refuses: [
      json(400, { message: "The request body has 1 error(s)", details: [{ message: "May not be empty", property: "to" }] }),
      "400 Bad Request: May not be empty",
    ],
    limits: tooMany({ message: "You have reached your monthly limit." }),
  },
  signal: {
    settings: { server: "http://signal.test:8080", number: "+491", recipients: "+492, group.abc", token: SECRET },
    asks: "POST http://signal.test:8080/v2/send",
    headers: { authorization: `Bearer ${SECRET}` },
    body: { message: WHOLE, number: "+491", recipients: ["+492", "group.abc"] },
    accepts: json(201, { timestamp: "1" }),
    refuses: [json(400, { error: 'Unregistered user "+492"' }), '400 Bad Request: Unregistered user "+492"'],
    limits: tooMany({ error: "rate limited", challenge_tokens: [] }),
  },
  twilio: {
    settings: { account: "AC0", token: SECRET, from: "+1500", to: "+1555" },
    asks: "POST https://api.twilio.com/2010-04-01/Accounts/AC0/Messages.json",
    headers: { authorization: `Basic ${Buffer.from(`AC0:${SECRET}`).toString("base64")}` },
    body: { To: "+1555", From: "+1500", Body: WHOLE },
    accepts: json(201, { sid: "SM1", status: "queued" }),
    refuses: [
      json(400, {
        code: 21211,
        message: "Invalid 'To' Phone Number: +1555",
        more_info: "https://www.twilio.com/docs/errors/21211",
        status: 400,
      }),
      "400 Bad Request: Invalid 'To' Phone Number: +1555",
    ],
    limits: tooMany({ code: 20429, message: "Too many requests", status: 429 }),
  },
  zulip: {
    settings: { server: "https://org.zulipchat.test", bot: "b@org", key: SECRET, to: "ops", topic: "alerts" },
    asks: "POST https://org.zulipchat.test/api/v1/messages",
    headers: { authorization: `Basic ${Buffer.from(`b@org:${SECRET}`).toString("base64")}` },
    body: { type: "stream", to: "ops", topic: "alerts", content: WHOLE },
    accepts: json(200, { result: "success", msg: "", id: 42 }),
    refuses: [
      json(400, { result: "error", code: "STREAM_DOES_NOT_EXIST", msg: "Channel 'ops' does not exist" }),
      "400 Bad Request: Channel 'ops' does not exist",
    ],
    limits: [json(429, { result: "error", code: "RATE_LIMIT_HIT", msg: "API usage exceeded rate limit", "retry-after": 28.7 }), 28_700],
  },
  webex: {
    settings: { token: SECRET, to: "room1" },
    asks: "POST https://webexapis.com/v1/messages",
    headers: { authorization: `Bearer ${SECRET}` },
    body: { roomId: "room1", text: WHOLE },
    accepts: json(200, { id: "m" }),
    refuses: [
      json(404, {
        message: "Could not find a room",
        errors: [{ description: "Could not find a room with provided ID." }],
        trackingId: "t",
      }),
      "404 Not Found: Could not find a room with provided ID.",
    ],
    limits: tooMany({ message: "too many requests" }),
  },
  homeassistant: {
    settings: { server: "http://ha.test:8123", token: SECRET, service: "notify.mobile_app_phone" },
    asks: "POST http://ha.test:8123/api/services/notify/mobile_app_phone",
    headers: { authorization: `Bearer ${SECRET}` },
    body: { title: MESSAGE.title, message: MESSAGE.text },
    accepts: json(200, []),
    refuses: [
      json(400, { message: "Service notify.mobile_app_phone not found." }),
      "400 Bad Request: Service notify.mobile_app_phone not found.",
    ],
    limits: tooMany(),
  },
  apprise: {
    settings: { server: "http://apprise.test:8000", key: SECRET, tag: "ops" },
    asks: `POST http://apprise.test:8000/notify/${SECRET}`,
    body: { tag: "ops", title: MESSAGE.title, body: MESSAGE.text, type: "failure", format: "text" },
    accepts: json(200, { error: null }),
    refuses: [
      json(424, { error: "One or more notification could not be sent." }),
      "424 Failed Dependency: One or more notification could not be sent.",
    ],
    limits: tooMany(),
  },
  webpush: {
    settings: {
      endpoint: `https://push.test/wpush/v2/${SECRET}`,
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    },
    asks: `POST https://push.test/wpush/v2/${SECRET}`,
    headers: { ttl: "86400", urgency: "high", "content-encoding": "aes128gcm" },
    accepts: { status: 201 },
    refuses: [json(410, { code: 410, error: "Gone", message: "Request did not validate" }), "410 Gone: Request did not validate"],
    limits: tooMany(),
  },
  webhook: {
    settings: {
      url: `https://hook.test/in?key=${SECRET}&t=#TITLE#`,
      method: "PUT",
      headers: `X-Key: ${SECRET}\nx-two: b`,
      body: '{"t":"#TITLE#","b":"#TEXT#","s":"#SEVERITY#","k":"#KIND#","l":"#LINK#"}',
    },
    asks: `PUT https://hook.test/in?key=${SECRET}&t=%5BIncident%5D+web-1`,
    headers: { "x-key": SECRET, "x-two": "b", "content-type": "application/json" },
    body: { t: MESSAGE.title, b: MESSAGE.text, s: "critical", k: "incident", l: MESSAGE.link },
    accepts: { status: 204 },
    refuses: [json(418, { error: { message: "short and stout" } }), "418 I'm a Teapot: short and stout"],
    limits: tooMany(),
  },
};

let server: Server;
let reply: Reply;
let asked: Asked[];
let outbound: Outbound;
/** All fakes listen at one port; each request is sent there and keeps the name it was meant for. */
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { "x-meant-for": origin, ...headers } = request.headers;
      asked.push({ method: request.method ?? "", url: `${String(origin)}${request.url ?? ""}`, headers, body: Buffer.concat(parts) });
      const { status, headers: answered = {}, body = "" } = reply;
      response.writeHead(status, answered).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const real = createOutbound({
    clock: createFakeClock(),
    limits: { answerBytes: 64 * 1024, totalMs: 30_000, connectMs: 10_000 },
    isAllowed: () => true,
  });
  outbound = {
    connect: real.connect,
    send({ url, headers, ...request }) {
      const { origin, pathname, search } = new URL(url);
      return real.send({ ...request, url: `http://127.0.0.1:${port}${pathname}${search}`, headers: { ...headers, "x-meant-for": origin } });
    },
  };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const NOW = 1_700_000_000_000;
const say = (name: string, message: ChannelMessage = MESSAGE, settings = CASES[name]?.settings ?? {}) => {
  const kind = kindNamed(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  const { derive } = createSealing(new Uint8Array(32).fill(7));
  return attempt(kind, parseSettings(kind, settings), message, {
    outbound,
    trusted: false,
    now: NOW,
    derive,
    site: "https://monitor.example.org",
  });
};
const bodyOf = ({ headers, body }: Asked): unknown =>
  headers["content-type"]?.startsWith("application/json") === true
    ? JSON.parse(body.toString())
    : Object.fromEntries(new URLSearchParams(body.toString()));

test("every kind but mail, which has tests of its own, is held against a fake of its service", () => {
  expect(Object.keys(CASES).toSorted()).toEqual(
    CHANNEL_KINDS.map(({ kind }) => kind)
      .filter((kind) => kind !== "email")
      .toSorted(),
  );
});

describe.each(Object.entries(CASES))("%s", (name, { settings, asks, headers = {}, body, accepts, refuses, limits }) => {
  test("says what its service understands", async () => {
    reply = accepts;
    expect(await say(name)).toEqual({ accepted: true });
    const [one] = asked;
    if (one === undefined) return expect.fail("nothing was asked");
    expect(`${one.method} ${one.url}`).toBe(asks);
    expect(one.headers).toMatchObject(headers);
    if (body !== undefined) expect(bodyOf(one)).toEqual(body);
    expect(asked).toHaveLength(1);
  });

  test("shows why it was refused", async () => {
    reply = refuses[0];
    expect(await say(name)).toMatchObject({ accepted: false, reason: refuses[1] });
  });

  test("waits as long as it is told", async () => {
    reply = limits[0];
    expect(await say(name)).toMatchObject({ accepted: false, afterMs: limits[1] });
  });

  test("lets no secret out with a reason, however the service puts it", async () => {
    const kind = kindNamed(name);
    const secrets = kind === undefined ? [] : secretValues(kind, parseSettings(kind, settings));
    expect(secrets.length).toBeGreaterThan(0);
    const said = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]).join(" and ");
    const path = `Cannot ${asks.replace(/https?:\/\/[^/]+/, "")} with ${secrets[0] ?? ""}`;
    reply = accepts;
    await say(name);
    const credential = asked[0]?.headers.authorization?.split(" ")[1] ?? "";
    for (const text of [said, path, `authorization was ${credential}`, `<html>${said}</html>`]) {
      for (const answered of [
        { status: 500, body: text },
        json(400, { description: text, message: text, error: text, msg: text, errmsg: text }),
      ]) {
        reply = answered;
        const verdict = JSON.stringify(await say(name));
        for (const secret of [...secrets, ...(said.includes(SECRET) ? [SECRET] : [])]) expect(verdict).not.toContain(secret);
        if (credential !== "" && name !== "webpush") expect(verdict).not.toContain(credential);
      }
    }
  });

  test("sends an error page of any size without choking, and an answer that is none", async () => {
    for (const page of [`<html>${"x".repeat(10_000)}`, "\u0000\n\u001B[31m", "null", "[]", '{"error":{"message":5}}']) {
      reply = { status: 502, body: page };
      const verdict = await say(name);
      expect(verdict).toMatchObject({ accepted: false });
      if (!verdict.accepted) {
        expect(verdict.reason).toMatch(/^502 Bad Gateway/);
        expect(verdict.reason.length).toBeLessThan(400);
        expect(verdict.reason).not.toMatch(/\p{Cc}/u);
      }
    }
  });
});

test("what is marked as a secret in the schema is what the kinds say", () => {
  for (const kind of CHANNEL_KINDS) expect(secretFields(kind).length, kind.kind).toBeGreaterThan(0);
});

test.each(["pagerduty", "opsgenie"])("%s ends with the recovery what the incident began", async (name) => {
  reply = json(202, {});
  await say(name);
  await say(name, { ...MESSAGE, kind: "recovery", id: "13.1" });
  const [began, ended] = asked.map((one) => ({ url: one.url, body: bodyOf(one) as Record<string, string> }));
  const key = began?.body["dedup_key"] ?? began?.body["alias"];
  if (name === "pagerduty") expect(ended?.body).toMatchObject({ event_action: "resolve", dedup_key: key });
  else expect(ended?.url).toBe(`https://api.opsgenie.com/v2/alerts/${key}/close?identifierType=alias`);
});

test.each([
  ["incident", "critical", 2],
  ["state", "critical", 2],
  ["reminder", "critical", 1],
  ["recovery", "critical", 1],
  ["state", "warning", 0],
] as const)("pushover sounds until somebody acknowledges where something critical begins: %s, %s", async (kind, severity, priority) => {
  reply = json(200, {});
  await say("pushover", { ...MESSAGE, kind, severity });
  expect(asked.map(bodyOf)).toMatchObject([{ priority }]);
});

test.each(["matrix", "line", "pushbullet"])("%s is told the same name at each attempt, and another for another message", async (name) => {
  reply = json(200, {});
  for (const id of ["1.5", "1.5", "2.5"]) await say(name, { ...MESSAGE, id });
  const named = asked.map((one) => [one.url, one.headers["x-line-retry-key"], (bodyOf(one) as { guid?: string }).guid].join(" "));
  expect(named[0]).toBe(named[1]);
  expect(named[2]).not.toBe(named[0]);
});

test.each([
  ["dingtalk", { token: "t", secret: "SECabc" }],
  ["feishu", { url: "https://open.larksuite.com/open-apis/bot/v2/hook/x", secret: "abc" }],
])("%s signs where its robot wants signatures", async (name, settings) => {
  reply = json(200, { errcode: 0, code: 0 });
  await say(name, MESSAGE, settings);
  const [one] = asked;
  if (one === undefined) return expect.fail("nothing was asked");
  const query = new URL(one.url).searchParams;
  if (name === "dingtalk")
    expect(Object.fromEntries(query)).toEqual({
      access_token: "t",
      timestamp: String(NOW),
      sign: "jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM=",
    });
  else expect(bodyOf(one)).toMatchObject({ timestamp: String(NOW / 1000), sign: "VIS10b0EBvzzSdFnuk4tznEmK5wHaruvf/WnViv2yR4=" });
});

test.each(["mattermost", "rocketchat", "zulip", "slack", "googlechat", "feishu", "discord"])(
  "%s calls nobody, whatever a server is named",
  async (name) => {
    reply = json(200, {});
    await say(name, { ...MESSAGE, title: '@all @channel @here @**all** <!channel> <users/all> <at user_id="all">' });
    const [one] = asked;
    const text = one === undefined ? "" : JSON.stringify(bodyOf(one));
    if (name === "discord") expect(text).toContain('"allowed_mentions":{"parse":[]}');
    else if (name === "slack") expect(text).not.toContain("<");
    else if (name === "googlechat") expect(text).not.toContain("<users/");
    else if (name === "feishu") expect(text).not.toContain("<at");
    else expect(text).not.toMatch(/@(?:all|channel|here|\*\*)/);
  },
);

test("a subscription that is gone is not tried again", async () => {
  reply = { status: 410 };
  expect(await say("webpush")).toMatchObject({ accepted: false, final: true });
});

test("a service that takes a message and has nobody to give it to has refused it", async () => {
  reply = { status: 204 };
  expect(await say("apprise")).toMatchObject({ accepted: false });
});
