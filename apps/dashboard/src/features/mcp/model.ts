/** How a call or transfer ended, as the audit names it (spec 40 section 8.3). */
export type Outcome =
  | "ok"
  | "scope_denied"
  | "permission_denied"
  | "server_offline"
  | "agent_timeout"
  | "agent_error"
  | "mcp_disabled"
  | "invalid_args"
  | "rate_limited"
  | "unsupported_agent"
  | "not_configured"
  | "cancelled"
  | "internal_error";

export type FailureOutcome = Exclude<Outcome, "ok">;

export const DISABLED_TEXT = "MCP is disabled by the dashboard administrator";

export interface FailureOptions {
  /** Goes into the tool's error result beside the text. */
  readonly structured?: object;
  /** Status of the answer to a transfer. */
  readonly status?: number;
  /** What the audit keeps in place of the text. */
  readonly auditText?: string;
}

/** A tool call or transfer that does not succeed; the text is meant for the caller. */
export class McpFailure extends Error {
  override readonly name = "McpFailure";
  readonly outcome: FailureOutcome;
  readonly structured: object | undefined;
  readonly status: number;
  readonly auditText: string;

  constructor(outcome: FailureOutcome, text: string, options: FailureOptions = {}) {
    super(text);
    this.outcome = outcome;
    this.structured = options.structured;
    this.status = options.status ?? 200;
    this.auditText = options.auditText ?? text;
  }
}

export const invalid = (text: string): McpFailure => new McpFailure("invalid_args", text);
export const offline = (): McpFailure => new McpFailure("server_offline", "agent offline");
export const disabled = (): McpFailure => new McpFailure("mcp_disabled", DISABLED_TEXT);
export const cancelled = (): McpFailure => new McpFailure("cancelled", "context canceled");
export const denied = (): McpFailure => new McpFailure("permission_denied", "permission denied");

/** What the caller is told of an error; surprises are reported and stay inside. */
export function failureOf(error: unknown, onError: (error: unknown) => void): McpFailure {
  if (error instanceof McpFailure) return error;
  onError(error);
  return new McpFailure("internal_error", "internal error", { status: 500 });
}
