import type { Clock } from "@windfire/kit";
import { createAssembly } from "./assembly.ts";
import { createEnvelopes } from "./envelope.ts";
import type { Part } from "./envelope.ts";
import { createLateness } from "./lateness.ts";
import { createOutgoing } from "./outgoing.ts";
import type { Outgoing, Sending } from "./outgoing.ts";
import { createQuestions } from "./questions.ts";
import type { Answer } from "./questions.ts";
import type { Wire } from "./wire.ts";

/** `off`: there is no bus, this dashboard is alone; `lost`: the others cannot be heard. */
export type BusState = "off" | "connected" | "lost";
/** What came, and from which replica. */
export type Take = (from: string, body: Uint8Array) => void;
/** What answers requests: at once or later. One that throws has no answer for whoever asks. */
export type Give = (from: string, body: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Messages between the replicas of one installation: at most once each, those of one sender in their order. */
export interface Bus {
  /** This replica: 12 hexadecimal digits, others with each start. */
  readonly replica: string;
  readonly state: BusState;
  /** Messages and bytes since the start, and what came to nothing. */
  readonly stats: BusStats;
  onState(hear: (state: BusState) => void): void;
  /** To all other replicas. */
  publish(topic: string, body: Uint8Array): Sending;
  /** To one other replica. */
  send(replica: string, topic: string, body: Uint8Array): Sending;
  /**
   * Asks one other replica. `no-answer` when it is not there, fails, or takes too long; a question that comes to it later than half of that
   * time is not answered, and nothing is done.
   */
  request(replica: string, topic: string, body: Uint8Array, timeoutMs: number): Promise<Answer>;
  /** One taker for each topic, of what is sent to all and to this one alike. */
  take(topic: string, take: Take): void;
  /** One answerer for each topic. */
  answer(topic: string, give: Give): void;
  start(): void;
  stop(): Promise<void>;
}

export interface BusStats {
  readonly messagesIn: number;
  readonly bytesIn: number;
  readonly messagesOut: number;
  readonly bytesOut: number;
  /** Not sent because too much waited. */
  readonly full: number;
  /** Came with another key or version, or not whole. */
  readonly unreadable: number;
  /** Questions that came when nobody waited for their answers any more. */
  readonly tooLate: number;
}

export interface BusDeps {
  readonly wire: Wire;
  readonly clock: Pick<Clock, "monotonic" | "setTimeout">;
  /** 32 bytes that all replicas of the installation have. */
  readonly key: Uint8Array;
  /** Begins the subjects of the installation: letters, digits, dots. */
  readonly prefix: string;
  /** 12 hexadecimal digits that no other replica has or had. */
  readonly replica: string;
  /** Hears of takers and answerers that throw. */
  readonly onError: (error: unknown) => void;
  /** Most bytes that may wait to be taken by the wire, and of messages that are not whole yet. */
  readonly mostBytes?: number;
}

const MOST_BYTES = 64 * 2 ** 20;
const LAST_NUMBER = 0xff_ff_ff_ff;
const NOTHING = Buffer.alloc(0);

/** See {@link Bus}. */
export function createBus(deps: BusDeps): Bus {
  const { wire, clock, prefix, replica, mostBytes = MOST_BYTES } = deps;
  const envelopes = createEnvelopes(deps.key, replica);
  const outgoing = createOutgoing({ wire, envelopes, monotonic: () => clock.monotonic(), mostBytes });
  const questions = createQuestions(clock);
  const { handle, take, answer } = createIncoming(deps, { questions, reply: (to, said) => void outgoing.give(subjectOf(to), said) });
  const incoming = createReading({ ...deps, mostBytes }, envelopes, handle);
  let last = 0;

  const nextNumber = (): number => (last = last === LAST_NUMBER ? 1 : last + 1);
  const everybody = `${prefix}.all`;
  const subjectOf = (one: string): string => `${prefix}.to.${one}`;
  wire.listen(everybody, incoming.read);
  wire.listen(subjectOf(replica), incoming.read);
  wire.onState((state) => {
    if (state === "lost") questions.giveUp();
  });

  return {
    replica,
    get state() {
      return wire.state;
    },
    get stats() {
      const { messages: messagesOut, bytes: bytesOut, full } = outgoing.counters;
      return { ...incoming.stats(), messagesOut, bytesOut, full };
    },
    onState: (hear) => wire.onState(hear),
    publish: (topic, body) => outgoing.give(everybody, { kind: "message", number: nextNumber(), topic, body }),
    send: (to, topic, body) => outgoing.give(subjectOf(to), { kind: "message", number: nextNumber(), topic, body }),
    async request(to, topic, body, timeoutMs) {
      if (!questions.hasRoom) return "no-answer";
      const number = nextNumber();
      const sending = outgoing.give(subjectOf(to), { kind: "request", number, topic, body, patience: timeoutMs });
      return sending === "sent" ? questions.wait(number, timeoutMs) : "no-answer";
    },
    take,
    answer,
    start: () => wire.start(),
    async stop() {
      questions.giveUp();
      await wire.stop();
    },
  };
}

/** Opens what comes and puts it together. */
function createReading(
  { clock, replica, mostBytes, onError }: Pick<BusDeps, "clock" | "replica" | "onError"> & { readonly mostBytes: number },
  { open }: ReturnType<typeof createEnvelopes>,
  handle: (part: Part, body: Uint8Array) => void,
) {
  const monotonic = (): number => clock.monotonic();
  const assembly = createAssembly({ monotonic, mostBytes });
  const lateness = createLateness(monotonic);
  let [messagesIn, bytesIn, unreadable, tooLate] = [0, 0, 0, 0];
  return {
    stats: () => ({ messagesIn, bytesIn, unreadable: unreadable + assembly.dropped, tooLate }),
    read(bytes: Uint8Array): void {
      bytesIn += bytes.length;
      const part = open(bytes);
      if (part === undefined) unreadable++;
      if (part === undefined || part.from === replica) return;
      const late = lateness.of(part.from, part.sentAt);
      const body = assembly.take(part);
      if (body === undefined) return;
      // Whoever asked goes by having had no answer: to do now what was asked then would be to do it behind their back.
      if (part.kind === "request" && late > part.patience / 2) {
        tooLate++;
        return;
      }
      messagesIn++;
      try {
        handle(part, body);
      } catch (error) {
        onError(error);
      }
    },
  };
}

/** Hands what came to whoever takes or answers it. */
function createIncoming(
  { onError }: Pick<BusDeps, "onError">,
  {
    questions,
    reply,
  }: {
    readonly questions: ReturnType<typeof createQuestions>;
    readonly reply: (to: string, answer: Outgoing) => void;
  },
) {
  const takers = new Map<string, Take>();
  const answerers = new Map<string, Give>();
  const answerTo = async ({ from, number, topic }: Part, body: Uint8Array): Promise<void> => {
    const say = (kind: Part["kind"], said: Uint8Array): void => reply(from, { kind, number, topic: "", body: said });
    const answerer = answerers.get(topic);
    // A newer version may ask for what this one does not know.
    if (answerer === undefined) return say("failure", NOTHING);
    try {
      say("answer", await answerer(from, body));
    } catch (error) {
      say("failure", NOTHING);
      onError(error);
    }
    return undefined;
  };
  return {
    take: (topic: string, taker: Take): void => void takers.set(topic, taker),
    answer: (topic: string, answerer: Give): void => void answerers.set(topic, answerer),
    handle(part: Part, body: Uint8Array): void {
      switch (part.kind) {
        case "message":
          return takers.get(part.topic)?.(part.from, body);
        case "request":
          return void answerTo(part, body);
        case "answer":
          return questions.settle(part.number, body);
        case "failure":
          return questions.settle(part.number, "no-answer");
      }
    },
  };
}
