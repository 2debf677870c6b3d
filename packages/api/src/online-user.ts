import { z } from "zod";
import { page } from "./envelope.ts";
import { id } from "./numbers.ts";
import { time } from "./text.ts";

/** An open `ws/server` connection (spec 10 section 10.1). */
export const OnlineUser = z
  .object({
    user_id: id.optional().meta({ description: "Left out for guests" }),
    connected_at: time,
    ip: z.string(),
  })
  .meta({ id: "OnlineUser" });
export type OnlineUser = z.output<typeof OnlineUser>;

/** `GET /online-user`: oldest connection first. */
export const OnlineUserPage = page(OnlineUser).meta({ id: "OnlineUserPage" });
