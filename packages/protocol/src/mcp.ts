/** Data of MCP tasks and of their results (spec 20 section 6.5), as JSON on the wire. Lengths and sizes in bytes. */

export interface ExecRequest {
  cmd: string;
  args?: string[];
  cwd?: string;
  env?: Record<string, string>;
  timeout_seconds?: number;
  stdin?: string;
  max_output_bytes?: number;
}

/** A non-empty `error` in any result means that the agent refused or failed. */
export interface ExecResult {
  exit_code: number;
  stdout: string;
  stderr: string;
  duration_ms: number;
  stdout_truncated?: boolean;
  stderr_truncated?: boolean;
  timed_out?: boolean;
  error?: string;
}

export interface FsListRequest {
  path: string;
  show_hidden?: boolean;
}

export interface FsListResult {
  entries: FsEntry[] | null;
  truncated?: boolean;
  total?: number;
  error?: string;
}

export interface FsEntry {
  name: string;
  type: "file" | "dir" | "symlink" | "special";
  size: number;
  /** Octal text such as `0644`. */
  mode: string;
  /** Unix seconds. */
  mtime: number;
  is_symlink?: boolean;
  link_target?: string;
}

export type FsEncoding = "utf8" | "base64";

export interface FsReadRequest {
  path: string;
  offset?: number;
  length?: number;
  encoding?: FsEncoding;
}

/** `size` and `sha256` describe the bytes returned. */
export interface FsReadResult {
  content: string;
  encoding: FsEncoding;
  size: number;
  sha256?: string;
  truncated?: boolean;
  error?: string;
}

export interface FsWriteRequest {
  path: string;
  content: string;
  encoding?: FsEncoding;
  mode?: string;
  if_match_sha256?: string;
  create_dirs?: boolean;
}

export interface FsWriteResult {
  size: number;
  sha256: string;
  error?: string;
}

export interface FsDeleteRequest {
  path: string;
  recursive?: boolean;
}

export interface FsDeleteResult {
  deleted_count: number;
  error?: string;
}

export interface FsTransferRequest {
  stream_id: string;
  op: "upload" | "download";
  path: string;
  size?: number;
  mode?: string;
  create_dirs?: boolean;
  if_match_sha256?: string;
  expected_sha256?: string;
}
