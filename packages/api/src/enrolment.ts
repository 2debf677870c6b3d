import { z } from "zod";
import { id, rowId } from "./numbers.ts";
import { characters, name, time } from "./text.ts";

/** `POST /enrolment-code`. */
export const EnrolmentCodeForm = z
  .object({
    name: name().meta({ description: "Name of the server that is made; a made-up one without" }),
    server_group_id: rowId.default(0).meta({ description: "Group that a new server goes into" }),
    owner_id: rowId.default(0).meta({ description: "Administrators: whose server it will be; the caller's without" }),
  })
  .meta({ id: "EnrolmentCodeForm", examples: [{ name: "web-3", server_group_id: 1 }] });
export type EnrolmentCodeForm = z.output<typeof EnrolmentCodeForm>;

/** `GET /enrolment-code`: a code without its text, which is kept nowhere. */
export const EnrolmentCode = z
  .object({ id, name: z.string(), server_group_id: rowId, owner_id: rowId, created_at: time, expires_at: time })
  .meta({ id: "EnrolmentCode" });
export type EnrolmentCode = z.output<typeof EnrolmentCode>;

/** A code at the one moment at which it is shown. */
export const NewEnrolmentCode = EnrolmentCode.extend({
  code: z.string().meta({ description: "Good once, for ten minutes", examples: ["h4Tq0ZsPw9Yc2LrKmE7uXb1N"] }),
}).meta({ id: "NewEnrolmentCode" });
export type NewEnrolmentCode = z.output<typeof NewEnrolmentCode>;

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** `POST /enrol`, which needs nothing but the code. */
export const EnrolForm = z
  .object({
    code: characters(64),
    uuid: characters(36)
      .regex(UUID, "must be a UUID")
      .meta({ description: "That of the host, which it keeps; a deleted server with it comes back with a new id" }),
  })
  .meta({ id: "EnrolForm" });
export type EnrolForm = z.output<typeof EnrolForm>;

/** What the host keeps. */
export const EnrolledHost = z
  .object({
    client_secret: z.string().meta({ description: "Good for calls with this UUID alone" }),
    server_id: id,
  })
  .meta({ id: "EnrolledHost" });
export type EnrolledHost = z.output<typeof EnrolledHost>;

/** `GET /enrolment`. */
export const Enrolment = z
  .object({ id, server_id: id, address: z.string().meta({ description: "Where the host was enrolled from" }), created_at: time })
  .meta({ id: "Enrolment" });
export type Enrolment = z.output<typeof Enrolment>;
