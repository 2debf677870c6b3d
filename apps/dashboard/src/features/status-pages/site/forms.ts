import type { FastifyReply, FastifyRequest } from "fastify";
import { createTurns } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { createGuessThrottle } from "#access/protection";
import { networkOf } from "#kernel";
import { countedAlone } from "#platform/bus";
import type { ShareCount } from "#platform/bus";
import { withBody } from "#platform/http";
import type { BodyBudgets } from "#platform/http";
import type { Passwords } from "#platform/password";
import type { Frame } from "../drawing/document.ts";
import { markup } from "../drawing/html.ts";
import type { Html } from "../drawing/html.ts";
import { drawMessage } from "../drawing/small-pages.ts";
import { linkTo, titleOf } from "../drawing/document.ts";
import { pathOf } from "../pages/model.ts";
import type { StatusPage } from "../pages/model.ts";
import type { Subscribing } from "../subscribers/subscribing.ts";
import type { PageTokens, Purpose } from "../subscribers/tokens.ts";
import type { PageTexts } from "../texts/texts.ts";
import { languageFor } from "./language.ts";
import { unlockCookie } from "./access.ts";
import type { Closed } from "./access.ts";
import { sendAnswer } from "./reading.ts";

export interface FormDeps {
  readonly clock: Clock;
  readonly budgets: BodyBudgets;
  /** With whom the pace of readers is shared; nobody unless told. */
  readonly share?: ShareCount;
  readonly passwords: Pick<Passwords, "verify">;
  readonly tokens: PageTokens;
  readonly subscribers: Subscribing;
}

/** On the dashboard's own host. */
const SIGN_IN = "/dashboard/login";
const MOST_BYTES = 64 * 1024;
const UNLOCKED_MS = 7 * 86_400_000;
/** Subscriptions that one address asks for: some at once, then one in two minutes. */
const ASKED = { burst: 6, refillMs: 120_000 };
/** Comparisons of passwords take the threads that files share; one runs at a time. */
const COMPARISONS_WAITING = 64;
/** Of one address or /64 (spec 60 section 3). */
const WAITING_OF_VISITOR = 2;
const BOUNCED = { burst: 300, refillMs: 200 };

/** What a link that somebody was sent is for. */
export type LinkPurpose = Purpose | "bounce";

/** A request to a form of a page. */
export interface Posted {
  readonly page: StatusPage;
  readonly frame: Frame;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An answer for one reader: a sentence, and what can be done. */
const say = ({ page, frame, reply }: Posted, status: number, title: keyof PageTexts, content: Html = markup``): FastifyReply => {
  const { words } = frame;
  const drawn = drawMessage(page, frame, words.t(title, { title: titleOf(page, words) }), content);
  return sendAnswer(reply, { status, ...drawn, language: words.language });
};
const home = ({ page, frame }: Posted): Html =>
  markup`<p><a href="${linkTo(frame, "")}">${frame.words.t("back", { title: titleOf(page, frame.words) })}</a></p>`;
const button = (words: Frame["words"], text: keyof PageTexts): Html =>
  markup`<form method="post"><button class="btn main">${words.t(text)}</button></form>`;
const passwordForm = ({ frame: { words, base } }: Posted, problem: Html = markup``): Html =>
  markup`${problem}<form class="form" method="post" action="${base}/unlock"><label for="password">${words.t("password")}</label><input id="password" name="password" type="password" required autocomplete="current-password"><button class="btn main">${words.t("open")}</button></form>`;

/** Cookies of people who signed in or opened a link are not sent to a host of the page's own. */
const elsewhere = ({ page, frame: { words } }: Posted, site: string): Html =>
  markup`<p>${words.t("readElsewhereWhy")}</p>${site !== "" && markup`<p><a class="btn main" href="${site}${pathOf(page)}">${words.t("readThere")}</a></p>`}`;

/** Whether a password opens a page; guessing has its pace. */
function createPasswordCheck({ clock, passwords, share = countedAlone }: Pick<FormDeps, "clock" | "passwords" | "share">) {
  const guesses = createGuessThrottle({ clock, share: share("page passwords") });
  const turns = createTurns({ running: 1, waiting: COMPARISONS_WAITING });
  return async ({ page, request }: Posted, read: () => Promise<string>): Promise<"right" | "wrong" | "too many"> => {
    const attempt = guesses.attempt(`${page.id} ${visitorOf(request)}`);
    if (!attempt.allowed) return "too many";
    const password = await read();
    if (page.settings.visibility !== "password") return "wrong";
    const lane = { key: visitorOf(request), waiting: WAITING_OF_VISITOR };
    const turn = await turns.take(lane, () => passwords.verify(password, page.passwordHash));
    if (turn.outcome === "displaced") return "too many";
    if (turn.value) attempt.succeeded();
    return turn.value ? "right" : "wrong";
  };
}

/** What readers may ask of a page: to be let in, and to be told. */
export function createForms(deps: FormDeps) {
  const { clock, budgets, share = countedAlone, tokens, subscribers } = deps;
  const checkPassword = createPasswordCheck(deps);
  const asked = createGuessThrottle({ clock, ...ASKED, share: share("page subscriptions") });
  const bounced = createGuessThrottle({ clock, ...BOUNCED, share: share("page bounces") });
  const bodyOf = async (request: FastifyRequest): Promise<string | undefined> => {
    const room = { limitBytes: MOST_BYTES, budget: budgets.strangers, turns: budgets.turns };
    const read = await withBody(request.raw, room, (bytes) => bytes.toString("utf8"));
    return "used" in read ? read.used : undefined;
  };

  return {
    /** Why it is not shown, and what to do about it. */
    closed(posted: Posted, why: Exclude<Closed, "not found">, site: string): FastifyReply {
      const { words, base } = posted.frame;
      if (why === "password") return say(posted, 401, "passwordTitle", passwordForm(posted));
      if (base === "") return say(posted, 403, "readElsewhere", elsewhere(posted, site));
      if (why === "link") return say(posted, 403, "needLink");
      return say(
        posted,
        401,
        "needSignIn",
        markup`<p><a class="btn main" href="${SIGN_IN}?next=${encodeURIComponent(pathOf(posted.page))}">${words.t("signIn")}</a></p>`,
      );
    },
    notFound: (posted: Posted): FastifyReply => say(posted, 404, "notFound", home(posted)),

    async unlock(posted: Posted): Promise<FastifyReply> {
      const { page, frame, request, reply } = posted;
      const outcome = await checkPassword(posted, async () => new URLSearchParams((await bodyOf(request)) ?? "").get("password") ?? "");
      if (outcome === "too many") return say(posted, 429, "passwordTitle", markup`<p role="alert">${frame.words.t("tooMany")}</p>`);
      if (outcome === "wrong")
        return say(posted, 401, "passwordTitle", passwordForm(posted, markup`<p role="alert">${frame.words.t("wrongPassword")}</p>`));
      const token = tokens.unlock(page.id, page.passwordHash, clock.now() + UNLOCKED_MS);
      const cookie = `${unlockCookie(page)}=${token}; Path=${frame.base || "/"}; Max-Age=${UNLOCKED_MS / 1000}; HttpOnly; SameSite=Lax`;
      void reply.header("set-cookie", request.visit.secure ? `${cookie}; Secure` : cookie);
      return reply.redirect(frame.base === "" ? "/" : frame.base, 303);
    },
    async subscribe(posted: Posted): Promise<FastifyReply> {
      const { page, frame, request } = posted;
      if (!asked.attempt(visitorOf(request)).allowed) return say(posted, 429, "tooMany", home(posted));
      const form = new URLSearchParams((await bodyOf(request)) ?? "");
      const language = languageFor(form.get("lang") ?? "", "", frame.words.language);
      const kind = form.has("webhook") ? "webhook" : "email";
      const result = await subscribers.subscribe(page, kind, form.get(kind) ?? "", language);
      switch (result) {
        case "asked":
          return say(posted, 200, kind === "email" ? "askedEmail" : "askedWebhook", home(posted));
        case "full":
          return say(posted, 503, "full", home(posted));
        case "not an address":
          return say(posted, 400, "notAnAddress", home(posted));
        case "not offered":
          return say(posted, 404, "notFound", home(posted));
      }
    },
    /** Whether a link is one that the page gave somebody. */
    async proves(page: StatusPage, purpose: LinkPurpose, token: string): Promise<boolean> {
      if (purpose === "bounce") return tokens.isBounce(page, token);
      return (await subscribers.byToken(purpose, token))?.pageId === page.id;
    },
    /** What opens a link in a mail shows a button: mail programs open links by themselves. */
    async question(posted: Posted, purpose: "confirm" | "end", token: string): Promise<FastifyReply> {
      if ((await subscribers.byToken(purpose, token))?.pageId !== posted.page.id) return say(posted, 404, "linkOver", home(posted));
      const { words } = posted.frame;
      return purpose === "confirm"
        ? say(posted, 200, "confirmTitle", button(words, "confirmButton"))
        : say(posted, 200, "endTitle", button(words, "endButton"));
    },
    /** The button; ending is one click of a mail program as well (RFC 8058). */
    async answer(posted: Posted, purpose: "confirm" | "end", token: string): Promise<FastifyReply> {
      const pageId = await (purpose === "confirm" ? subscribers.confirm(token) : subscribers.end(token));
      if (pageId === undefined) return say(posted, 404, "linkOver", home(posted));
      return say(posted, 200, purpose === "confirm" ? "confirmed" : "ended", home(posted));
    },
    async bounce({ page, request, reply }: Posted, token: string): Promise<FastifyReply> {
      const known = tokens.isBounce(page, token);
      if (!known || !bounced.attempt(visitorOf(request)).allowed) return reply.code(known ? 429 : 404).send();
      const ended = await subscribers.bounced(page.id, addressesIn((await bodyOf(request)) ?? ""));
      return reply.type("application/json; charset=utf-8").send(JSON.stringify({ success: true, data: { ended } }));
    },
  };
}

export type Forms = ReturnType<typeof createForms>;

/** Whose requests count together: who has one address of a /64 has all of them. */
const visitorOf = ({ realIp, visit }: FastifyRequest): string => networkOf(realIp || visit.peer);

const MOST_BOUNCED = 100;
const FIELDS = ["email", "recipient", "address"] as const;

/** Addresses that a mail service names, in a list or alone. */
function addressesIn(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = Object.fromEntries(new URLSearchParams(text));
  }
  const found: string[] = [];
  for (const entry of [value].flat().slice(0, MOST_BOUNCED)) {
    if (typeof entry !== "object" || entry === null) continue;
    for (const field of FIELDS) {
      const address: unknown = Reflect.get(entry, field);
      if (typeof address === "string") found.push(address);
    }
  }
  return found;
}
