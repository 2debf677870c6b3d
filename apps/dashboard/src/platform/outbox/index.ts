export { createOutbox } from "./outbox.ts";
export type { Outbox, OutboxStats } from "./outbox.ts";
export type { Message, MessageState, NewMessage, Outcome, OutboxLimits, Topic } from "./model.ts";
export type { MessageFilter } from "./message-filter.ts";
