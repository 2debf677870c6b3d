import { z } from "zod";
import { GeoIp, Host, State } from "./host.ts";
import { ids, linesById, mapById } from "./lists.ts";
import { count, id, int64 } from "./numbers.ts";
import { ReachedThrough, reachedThroughForm } from "./reached-through.ts";
import { serverTags } from "./server-tags.ts";
import { bytes, flag, LIMITS, name, note, time } from "./text.ts";

const text = z.string().optional();
const truth = z.boolean().optional();

/** What a server is like now; ours, in `GET /server` and in the frames of `ws/server`. */
export const SERVER_CONDITIONS = ["up", "waiting", "warn", "critical", "offline"] as const;
export type ServerCondition = (typeof SERVER_CONDITIONS)[number];

const level = z.enum(["warn", "critical"]).optional();
/** Front ends made for Nezha pass over these. */
export const conditionFields = {
  condition: z.enum(SERVER_CONDITIONS).optional().meta({
    description:
      "Absent from a Nezha dashboard. waiting: no report since the dashboard started, for a minute after the start or when it was never seen; warn, critical: a limit has been exceeded for 30 s and not yet undercut by 5 points for 30 s; offline: no report for 30 s",
  }),
  over: z
    .object({ cpu: level, mem: level, disk: level })
    .optional()
    .meta({ description: "Figures over a limit: 85 % warn, 95 % critical", examples: [{ disk: "critical" }] }),
  last_seen: time
    .optional()
    .meta({ description: "Last report, also before the dashboard started; only while `last_active` is the zero time" }),
};

/** `GET /server` (spec 11 section 1.1). */
export const Server = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    name: z.string(),
    uuid: text,
    note: text.meta({ description: "Private" }),
    public_note: text.meta({ description: "Given to everybody, often JSON for themes" }),
    display_index: int64.meta({ description: "Larger comes first" }),
    hide_for_guest: truth,
    enable_ddns: truth,
    ddns_profiles: z.array(id).optional(),
    override_ddns_domains: mapById(z.array(z.string()))
      .optional()
      .meta({ examples: [{ "2": ["a.example.com"] }] }),
    reached_through: ReachedThrough.optional(),
    tags: z
      .array(z.string())
      .optional()
      .meta({ description: "Words of the owner's; ours", examples: [["web"]] }),
    host: Host,
    state: State,
    geoip: GeoIp,
    last_active: time.meta({
      description: "Last state report; zero time when not connected since the dashboard started",
    }),
    ...conditionFields,
    owner: z.object({ id: count, username: text }).meta({ description: "Id 0: the deployment-wide agent secret" }),
  })
  .meta({ id: "Server" });
export type Server = z.output<typeof Server>;

/** `PATCH /server/{id}` (spec 11 section 1.3): full replacement. */
export const ServerPatch = z
  .object({
    name: name(),
    note: note(),
    public_note: note(),
    display_index: int64.default(0),
    hide_for_guest: flag(),
    enable_ddns: flag(),
    ddns_profiles: ids.default([]),
    override_ddns_domains: linesById.default({}),
    reached_through: reachedThroughForm,
    tags: serverTags.optional().meta({ description: "Left out they stay what they are" }),
  })
  .meta({ id: "ServerPatch" });
export type ServerPatch = z.output<typeof ServerPatch>;
export type ServerPatchInput = z.input<typeof ServerPatch>;

/** What became of an order to several agents; a list is left out when empty (spec 11 sections 1.5 and 1.7). */
export const DeliveryReport = z
  .object({
    success: z.array(id).optional().meta({ description: "Handed to the agent" }),
    failure: z.array(id).optional(),
    offline: z.array(id).optional(),
  })
  .meta({ id: "DeliveryReport", examples: [{ success: [1, 2], offline: [3] }] });
export type DeliveryReport = z.output<typeof DeliveryReport>;

/** `GET /server/config/{id}`: the agent's configuration as JSON text, `null` when it is not connected (spec 11 section 1.6). */
export const ServerConfig = z.string().nullable().meta({
  id: "ServerConfig",
  description: "The agent's configuration as JSON text; null when it is not connected",
});
export type ServerConfig = z.output<typeof ServerConfig>;

/** `POST /server/config` (spec 11 section 1.7). */
export const ServerConfigUpdate = z
  .object({
    servers: ids.default([]),
    config: bytes(LIMITS.note)
      .default("")
      .meta({ description: "JSON text of agent settings", examples: ['{"report_delay":3}'] }),
  })
  .meta({ id: "ServerConfigUpdate" });
export type ServerConfigUpdate = z.output<typeof ServerConfigUpdate>;
export type ServerConfigUpdateInput = z.input<typeof ServerConfigUpdate>;
