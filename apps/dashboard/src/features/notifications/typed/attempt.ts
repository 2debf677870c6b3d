import { AppError } from "#kernel";
import { retryAfterHeader } from "#platform/outbound";
import type { Outbound, OutboundAnswer } from "#platform/outbound";
import type { AnswerRules, ChannelContext, ChannelKind, ChannelMessage, ServiceAnswer, ServiceRequest, Verdict } from "../channels/kind.ts";
import { at } from "../channels/requests.ts";
import { redact } from "./redact.ts";
import { secretValues } from "./settings.ts";
import type { Settings } from "./settings.ts";

export interface AttemptTools extends ChannelContext {
  readonly outbound: Outbound;
  /** An administrator's channel. */
  readonly trusted: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Says a message through a channel once. Fails with `OutboundError` when there is no whole answer. */
export async function attempt(kind: ChannelKind, settings: Settings, message: ChannelMessage, tools: AttemptTools): Promise<Verdict> {
  const { outbound, trusted, signal } = tools;
  const secrets = secretValues(kind, settings);
  const { via } = kind;
  if ("send" in via) {
    const verdict = await via.send(settings, message, { connect: outbound.connect, trusted, signal });
    return verdict.accepted ? verdict : { ...verdict, reason: redact(verdict.reason, secrets) };
  }
  const request = built(() => via.request(settings, message, tools));
  const answer = await outbound.send({ ...request, wantsBody: true, trusted, ...(signal === undefined ? {} : { signal }) });
  return judge(via.answer, answer, tools.now, [...secrets, ...credentialOf(request)]);
}

/** Name and password as they stand in the header, which some services show to whoever may not come in. */
function credentialOf({ headers = {} }: ServiceRequest): string[] {
  return headers["authorization"]?.split(" ").slice(1) ?? [];
}

/** What does not even make a request can be healed by new settings alone; why it does not may hold a secret. */
function built(make: () => ServiceRequest): ServiceRequest {
  try {
    return make();
  } catch (error) {
    throw new AppError("the settings of the channel cannot be used", [], { translate: false, cause: error });
  }
}

function judge(rules: AnswerRules, answer: OutboundAnswer, now: number, secrets: readonly string[]): Verdict {
  const { status } = answer;
  const said: ServiceAnswer = { status, json: parsed(answer.body), text: answer.body };
  const isSuccess = (status >= 200 && status <= 299) || rules.accepted?.includes(status) === true;
  if (isSuccess && rules.refused?.(said) !== true) return { accepted: true };
  const reason = reasonOf(rules, said);
  const head = isSuccess && reason !== "" ? "" : `${status} ${answer.reason}`.trim();
  const shown = redact([head, reason].filter((part) => part !== "").join(": "), secrets);
  const afterMs = longest(rules.waitMs?.(said), status === 429 || status === 503 ? retryAfterHeader(answer.retryAfter, now) : undefined);
  return {
    accepted: false,
    reason: shown,
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(rules.final?.includes(status) === true ? { final: true } : {}),
  };
}

/** A quarter of an hour at most: longer is no way to deliver an alert. */
const LONGEST_MS = 15 * 60_000;

function longest(...waits: (number | undefined)[]): number | undefined {
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === 0 ? undefined : Math.min(Math.max(...known), LONGEST_MS);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands where the service puts its reasons, else a short answer that is no page. */
function reasonOf(rules: AnswerRules, { json, text }: ServiceAnswer): string {
  const found = rules.reason.map((path) => at(json, path)).find((value) => typeof value === "string" && value !== "");
  if (typeof found === "string") return found;
  return json === undefined && !text.trimStart().startsWith("<") ? text : "";
}
