import { z } from "zod";
import { ids } from "./lists.ts";
import { count, id, rowId, uint8 } from "./numbers.ts";
import { MoveResult } from "./server-move.ts";
import { bytes, flag, LIMITS, line, name, time } from "./text.ts";

/** Of forms with a new password. */
export const refuseCommon = flag().meta({
  description: "Refuse one of the 10 000 most common passwords; without it the answer has a `warning` beside `data`",
});

/** Servers or groups that are named for one viewer at most. */
const SIGHT_MOST = 1_000;

const userFields = {
  id,
  created_at: time,
  updated_at: time,
  username: z.string(),
  role: uint8.meta({ description: "0 administrator, 1 member" }),
  agent_secret: z.string().meta({ description: "What the user's agents present as `client_secret`" }),
  reject_password: z.boolean().optional().meta({ description: "Sign-in by password is refused" }),
  access: z.literal("viewer").optional().meta({ description: "Reads and changes nothing; left out for administrators and members" }),
  servers: z.array(id).optional().meta({ description: "Of a viewer: the servers to be seen" }),
  server_groups: z.array(id).optional().meta({ description: "Of a viewer: groups whose servers are to be seen, whichever they are" }),
  second_factor: z.boolean().optional().meta({ description: "A code or passkey is asked for besides the password; left out when not" }),
};

/** Spec 10 section 11.1. */
export const User = z
  .object({
    ...userFields,
    disabled: z.boolean().optional().meta({ description: "Nobody gets in as this user, by whatever way; left out when not" }),
  })
  .meta({ id: "User" });
export type User = z.output<typeof User>;

/** `GET /profile` (spec 10 section 11.5). */
export const Profile = z
  .object({
    ...userFields,
    login_ip: z.string().optional().meta({ description: "Address of this request, when it is known" }),
    oauth2_bind: z
      .record(z.string(), z.string())
      .optional()
      .meta({
        description: "Lower-case provider to the id bound there",
        examples: [{ github: "583231" }],
      }),
  })
  .meta({ id: "Profile" });
export type Profile = z.output<typeof Profile>;

const sight = {
  servers: ids.max(SIGHT_MOST).default([]).meta({ description: "Servers that a viewer sees" }),
  server_groups: ids.max(SIGHT_MOST).default([]).meta({ description: "Server groups whose servers a viewer sees" }),
};

/** `POST /user/{id}/access`. Ours. */
export const UserAccess = z
  .object({ access: z.enum(["member", "viewer"], "must be member or viewer"), ...sight })
  .meta({ id: "UserAccess", examples: [{ access: "viewer", servers: [1], server_groups: [2] }] });
export type UserAccess = z.output<typeof UserAccess>;
export type UserAccessInput = z.input<typeof UserAccess>;

/** `PATCH /user/{id}` (ours): what an administrator changes of somebody else. What is left out stays. */
export const UserPatch = z
  .object({
    username: bytes(LIMITS.line)
      .optional()
      .meta({ description: "A new name has at most 256 characters; the one in use is always taken back" }),
    password: bytes(LIMITS.line).optional().meta({ description: "A new one; sign-in by password is allowed again" }),
    role: uint8.optional().meta({ description: "0 administrator, 1 member" }),
    disabled: z.boolean().optional().meta({
      description: "true: signing in and access tokens are refused, and what is open ends; rows and agents go on. false: as before",
    }),
    refuse_common: refuseCommon,
  })
  .meta({ id: "UserPatch", examples: [{ username: "alice", role: 1 }] });
export type UserPatch = z.output<typeof UserPatch>;
export type UserPatchInput = z.input<typeof UserPatch>;

/** `POST /user` (spec 10 section 11.3). A missing role is 0: administrator. */
export const UserCreate = z
  .object({
    role: uint8.default(0),
    username: name(),
    password: line(),
    refuse_common: refuseCommon,
    access: z.literal("viewer").optional().meta({ description: "With role 1: a viewer" }),
    ...sight,
  })
  .meta({ id: "UserCreate", examples: [{ role: 1, username: "alice", password: "secret1" }] });
export type UserCreate = z.output<typeof UserCreate>;
export type UserCreateInput = z.input<typeof UserCreate>;

/** `GET /user/{id}/rows` (ours): what a user owns of one kind. */
export const OwnedRows = z
  .object({
    kind: z.string(),
    words: z.string().meta({ description: "What people call them", examples: ["alert rules"] }),
    count,
    names: z.array(z.string()).meta({ description: "The first five" }),
  })
  .meta({ id: "OwnedRows" });
export type OwnedRows = z.output<typeof OwnedRows>;

/** `POST /user/{id}/hand-over` (ours). */
export const HandOverForm = z.object({ to_user: rowId }).meta({ id: "HandOverForm" });
export type HandOverForm = z.output<typeof HandOverForm>;

/** What was handed over; each server goes by a transfer, since its agent gets another secret. */
export const HandedOver = z.object({ rows: z.array(OwnedRows), servers: z.array(MoveResult) }).meta({ id: "HandedOver" });
export type HandedOver = z.output<typeof HandedOver>;
