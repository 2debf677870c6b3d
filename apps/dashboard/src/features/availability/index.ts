export type { AvailabilityAnswers } from "./answers.ts";
export { availabilityOf } from "./model.ts";
export type { Shares, Span } from "./model.ts";
export { createAvailability } from "./room.ts";
export type { Availability, AvailabilityDeps } from "./room.ts";
