import { Nothing } from "./envelope.ts";

/** `POST /maintenance` has no body and nothing to say (spec 10 section 15). */
export const MaintenanceResult = Nothing;
