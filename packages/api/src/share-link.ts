import { z } from "zod";
import { count, id, rowId } from "./numbers.ts";
import { bytes, characters, name, time } from "./text.ts";

/** What a share link can show. A further kind is an entry here and one in `compose/share-links.ts`. */
export const SHARE_KINDS = ["server", "service", "status-page"] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

/** Rows of one link at most. */
const MOST_ROWS = 500;
const LONGEST_DAYS = 366;

const SharedRow = z.object({ kind: z.enum(SHARE_KINDS), id: rowId }).meta({ id: "SharedRow" });
const SharedRows = z.array(SharedRow).min(1).max(MOST_ROWS, `must have at most ${MOST_ROWS} entries`);

/** `POST /share-link` (ours). */
export const ShareLinkForm = z
  .object({
    name: name().meta({ description: "Shown to whoever opens it" }),
    rows: SharedRows,
    expires_in_days: z.int().min(1).max(LONGEST_DAYS),
    password: bytes(72).default("").meta({ description: "Asked of whoever opens it; empty: none" }),
  })
  .meta({
    id: "ShareLinkForm",
    examples: [{ name: "For the customer", rows: [{ kind: "server", id: 1 }], expires_in_days: 30, password: "" }],
  });
export type ShareLinkForm = z.output<typeof ShareLinkForm>;

/** `GET /share-link`: a link without its secret, which is kept nowhere. */
export const ShareLink = z
  .object({
    id,
    owner_id: count,
    name: z.string(),
    rows: z.array(SharedRow),
    password: z.boolean().meta({ description: "Whether it asks for one" }),
    created_at: time,
    expires_at: time,
    opened_at: time.optional().meta({ description: "When it was last opened, to the hour" }),
  })
  .meta({ id: "ShareLink" });
export type ShareLink = z.output<typeof ShareLink>;

/** A link at the one moment at which its secret is shown. */
export const NewShareLink = ShareLink.extend({
  secret: z.string().meta({ description: "The link is /share# and this", examples: ["h4Tq0ZsPw9Yc2LrKmE7uXb1Nh4Tq0ZsPw9Yc2LrKmE7"] }),
}).meta({ id: "NewShareLink" });
export type NewShareLink = z.output<typeof NewShareLink>;

/** `POST /share-link/open`. */
export const OpenShareLink = z.object({ secret: characters(64), password: bytes(72).default("") }).meta({ id: "OpenShareLink" });
export type OpenShareLink = z.output<typeof OpenShareLink>;

/** What whoever opens a link is told of it. A cookie comes with it; requests then name the link. */
export const OpenedShareLink = z
  .object({
    id: id.meta({ description: "For the header `X-Share-Link`, or the query parameter `share` of WebSockets" }),
    name: z.string(),
    rows: z.array(SharedRow),
    start: z.string().meta({ description: "Address of the page to begin on", examples: ["/", "/service", "/status/main"] }),
    expires_at: time,
  })
  .meta({ id: "OpenedShareLink" });
export type OpenedShareLink = z.output<typeof OpenedShareLink>;
