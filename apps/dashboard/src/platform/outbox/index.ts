export { createOutbox } from "./outbox.ts";
export type { Outbox, OutboxStats } from "./outbox.ts";
export type { Message, NewMessage, Outcome, OutboxLimits, Topic } from "./model.ts";
