import type { z } from "zod";
import type { Outbound, OutboundRequest } from "#platform/outbound";
import type { NoticeKind, Severity } from "../delivery/notice.ts";

/** What is to be said, whatever service says it. */
export interface ChannelMessage {
  /** One line; "" where the text says it all. */
  readonly title: string;
  /** Plain text, lines broken by `\n`. */
  readonly text: string;
  readonly severity: Severity;
  readonly kind: NoticeKind;
  /** Absolute, of the page that says more; "" when there is none. */
  readonly link: string;
  /** Names what it is about: a recovery has that of its incident. */
  readonly event: string;
  /** The same at every attempt: services that know it take a message once. */
  readonly id: string;
}

/** What a kind may use besides its settings. */
export interface ChannelContext {
  /** Unix milliseconds. */
  readonly now: number;
  /** Bytes that are this installation's own, the same for a label every time. */
  readonly derive: (label: string, bytes: number) => Buffer;
  /** Where the dashboard is reached, such as `https://monitor.example.org`; "" when nobody has said. */
  readonly site: string;
}

export type ServiceRequest = Pick<OutboundRequest, "method" | "url" | "headers" | "body" | "verifyTls">;

/** What a service answered: the body as JSON where it is some, and as text. */
export interface ServiceAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly text: string;
}

/** How a service's answers are read. Everything with a status of 200 to 299 is accepted unless it is said otherwise here. */
export interface AnswerRules {
  /** Where in a JSON answer the reason stands, tried in order: `error.message`, `errors.0`. */
  readonly reason: readonly string[];
  /** A refusal with a status of success. */
  readonly refused?: (answer: ServiceAnswer) => boolean;
  /** Other statuses that mean that it has the message. */
  readonly accepted?: readonly number[];
  /** Statuses after which no attempt can succeed any more. */
  readonly final?: readonly number[];
  /** Milliseconds to wait, as the body says; `undefined` when it says nothing. `Retry-After` counts besides. */
  readonly waitMs?: (answer: ServiceAnswer) => number | undefined;
}

/** What came of an attempt. `reason` may be shown. */
export type Verdict =
  | { readonly accepted: true }
  | {
      readonly accepted: false;
      readonly reason: string;
      readonly afterMs?: number;
      /** No attempt can succeed. */
      readonly final?: boolean;
      /** It may have arrived all the same. */
      readonly unsure?: boolean;
    };

/** What the sender of a kind that does not speak HTTP may use. */
export interface SenderTools {
  readonly connect: Outbound["connect"];
  readonly trusted: boolean;
  readonly signal: AbortSignal | undefined;
}

/** One kind of channel: what it needs to be told, and how it is spoken to. */
export interface ChannelKind<S extends z.ZodObject = z.ZodObject> {
  /** As it is stored; never renamed. */
  readonly kind: string;
  readonly name: string;
  readonly settings: S;
  /** Longest title and text, in characters, or in bytes of UTF-8. The text is cut to it. */
  readonly limit: { readonly title?: number; readonly text: number; readonly unit?: "bytes" };
  /** Whether several messages may go out as one; not where the service counts incidents by itself. */
  readonly joins: boolean;
  /** Whether a dashboard that knows nothing of kinds may send it as a plain webhook. */
  readonly plain: boolean | ((settings: z.output<S>) => boolean);
  readonly via:
    | {
        readonly request: (settings: z.output<S>, message: ChannelMessage, context: ChannelContext) => ServiceRequest;
        readonly answer: AnswerRules;
      }
    | { readonly send: (settings: z.output<S>, message: ChannelMessage, tools: SenderTools) => Promise<Verdict> };
}

/** Keeps the types of a kind's parts together. Settings reach its functions only after they went through its schema. */
export function channelKind<S extends z.ZodObject>(kind: ChannelKind<S>): ChannelKind {
  return kind;
}
