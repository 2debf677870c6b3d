import type { Bus } from "./bus.ts";

const NOTHING = { messagesIn: 0, bytesIn: 0, messagesOut: 0, bytesOut: 0, full: 0, unreadable: 0, tooLate: 0 };

/** For a dashboard that is alone: there is nobody to talk to. */
export const noBus: Bus = {
  replica: "000000000000",
  state: "off",
  stats: NOTHING,
  onState: () => undefined,
  publish: () => "lost",
  send: () => "lost",
  request: () => Promise.resolve("no-answer"),
  take: () => undefined,
  answer: () => undefined,
  start: () => undefined,
  stop: () => Promise.resolve(),
};
