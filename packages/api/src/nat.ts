import { z } from "zod";
import { id, rowId } from "./numbers.ts";
import { flag, line, name, time } from "./text.ts";

/** `GET /nat` (spec 11 section 11.1). */
export const NatProfile = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    enabled: z.boolean(),
    name: z.string(),
    server_id: id,
    host: z.string().meta({ description: "Address that the agent dials", examples: ["127.0.0.1:5000"] }),
    domain: z.string().meta({
      description: "`Host` of the requests to tunnel, compared without regard to case and one trailing dot; a port belongs to it",
      examples: ["nas.example.com"],
    }),
    blocked: z
      .string()
      .optional()
      .meta({
        description: "Why requests for the domain go to the dashboard instead; absent when they do not",
        examples: ["reserved", "used by this dashboard", "not a host name"],
      }),
  })
  .meta({ id: "NatProfile" });
export type NatProfile = z.output<typeof NatProfile>;

/** `POST /nat`, `PATCH /nat/{id}` (spec 11 section 11.3): full replacement. */
export const NatForm = z
  .object({
    name: name(),
    enabled: flag(),
    server_id: rowId.default(0),
    host: line(),
    domain: line(),
    confirm_domain: line().meta({ description: "Administrators: the domain again, to take one that agents of this dashboard use" }),
  })
  .meta({
    id: "NatForm",
    examples: [
      {
        name: "nas",
        enabled: true,
        server_id: 1,
        host: "127.0.0.1:5000",
        domain: "nas.example.com",
      },
    ],
  });
export type NatForm = z.output<typeof NatForm>;
export type NatFormInput = z.input<typeof NatForm>;
