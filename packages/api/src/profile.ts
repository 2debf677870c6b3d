import { z } from "zod";
import { flag, line } from "./text.ts";
import { refuseCommon } from "./user.ts";

/** `POST /profile`: full replacement, ends all sessions of the user (spec 10 section 11.6). */
export const ProfileUpdate = z
  .object({
    original_password: line(),
    new_username: line().meta({ description: "A new name has at most 256 characters; the one in use is always taken back" }),
    new_password: line().meta({ description: "A new password has 6 to 72 bytes; the one in use is always taken back" }),
    reject_password: flag(),
    refuse_common: refuseCommon,
  })
  .meta({
    id: "ProfileUpdate",
    examples: [
      {
        original_password: "old-one",
        new_username: "admin",
        new_password: "a-better-one",
        reject_password: false,
      },
    ],
  });
export type ProfileUpdate = z.output<typeof ProfileUpdate>;
export type ProfileUpdateInput = z.input<typeof ProfileUpdate>;
