import { z } from "zod";
import { flag, line, name } from "./text.ts";

/** `POST /profile`: full replacement, ends all sessions of the user (spec 10 section 11.6). */
export const ProfileUpdate = z
  .object({
    original_password: line(),
    new_username: name(),
    new_password: line(),
    reject_password: flag(),
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
