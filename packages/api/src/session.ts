import { z } from "zod";
import { id, rowId } from "./numbers.ts";
import { characters, line, time } from "./text.ts";

const sessionId = z.string().meta({
  description: "For `ws/terminal/{id}` or `ws/file/{id}`",
  examples: ["5f0c3f0a-8b1e-2c77-91d4-0a6f2f6f7a10"],
});

/** `POST /terminal` (spec 11 section 13.1). `protocol` is ignored. */
export const TerminalRequest = z
  .object({ server_id: rowId.default(0), protocol: line() })
  .meta({ id: "TerminalRequest", examples: [{ server_id: 1 }] });
export type TerminalRequest = z.output<typeof TerminalRequest>;
export type TerminalRequestInput = z.input<typeof TerminalRequest>;

export const TerminalSession = z
  .object({ session_id: sessionId, server_id: id, server_name: z.string().optional() })
  .meta({ id: "TerminalSession" });
export type TerminalSession = z.output<typeof TerminalSession>;

/** Query of `POST /file`: the server's id; the handler parses it (spec 11 section 13.2). */
export const FileQuery = z.object({
  id: z
    .string()
    .default("")
    .meta({ description: "Id of the server", examples: ["1"] }),
});

/** `POST /file`. */
export const FileSession = z.object({ session_id: sessionId }).meta({ id: "FileSession" });
export type FileSession = z.output<typeof FileSession>;

/** Query of `ws/terminal/{id}`. Ours: front ends made for Nezha name neither. */
export const TerminalAttachQuery = z.object({
  keep: z
    .enum(["true"])
    .optional()
    .meta({ description: "The shell goes on for a minute when the connection is lost without a word, and may be attached to again" }),
  again: z.enum(["true"]).optional().meta({ description: "Takes the place of the connection that its own creator had before" }),
});

/** Path parameter of the session sockets. */
export const SessionParams = z.object({ id: z.string().meta({ description: "Session id" }) });

/** `GET /download/file/{id}`. */
/** The address of a request has no room for longer paths in any script (spec 60 section 5: 16 KiB of headers). */
const LONGEST_PATH = 1024;

export const FileDownloadQuery = z.object({
  path: characters(LONGEST_PATH)
    .refine((path) => !path.includes("\0"), "must not hold a NUL byte")
    .meta({
      description: "The file, as its host names it",
      maxLength: LONGEST_PATH,
      pattern: "^[^\\u0000]*$",
      examples: ["/var/log/syslog"],
    }),
});

/** Sent by the browser as binary `01` and this as JSON (spec 11 section 13.6); columns 2 to 1000, rows 2 to 500. */
export interface TerminalSize {
  Rows: number;
  Cols: number;
}

/** First byte of what the file manager sends (spec 11 section 13.7). */
export const FILE_REQUEST = { list: 0, download: 1, upload: 2 } as const;
/** First four bytes of what the agent answers. */
export const FILE_ANSWER = {
  list: "NZFN",
  data: "NZTD",
  uploaded: "NZUP",
  failed: "NERR",
} as const;

/** `GET /session`: where somebody is signed in. */
export const SessionView = z
  .object({
    id: z.string().meta({ description: "For `DELETE /session/{id}`", examples: ["9f86d081884c7d65"] }),
    current: z.boolean().meta({ description: "The one that asks" }),
    device: z.string().meta({ description: "Program and system; empty when it said nothing", examples: ["Firefox, Linux"] }),
    address: z.string().optional().meta({ description: "At sign-in, when it was known" }),
    country: z
      .string()
      .optional()
      .meta({ description: "Lower-case country code of the address", examples: ["de"] }),
    created_at: time,
    last_used_at: time.meta({ description: "To a minute" }),
    expires_at: time.meta({ description: "Unless it is used" }),
  })
  .meta({ id: "SessionView" });
export type SessionView = z.output<typeof SessionView>;

/** `GET` and `POST /sign-in-notice`. */
export const SignInNotice = z
  .object({ notification_group_id: rowId.default(0).meta({ description: "0: nobody is told" }) })
  .meta({ id: "SignInNotice" });
export type SignInNotice = z.output<typeof SignInNotice>;
