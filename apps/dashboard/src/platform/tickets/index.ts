export { createLocalTickets } from "./local-tickets.ts";
export { createSharedTickets } from "./shared-tickets.ts";
export type { SharedTicketDeps } from "./shared-tickets.ts";
export type { TicketOffice, Tickets } from "./model.ts";
