import type { AuditLine } from "@windfire/api";

/** How the log is written into a file: a text before the first line, and that of each line. */
export interface AuditFormat {
  readonly contentType: string;
  readonly head: string;
  line(line: AuditLine): string;
}

const COLUMNS = ["id", "at", "actor", "user_id", "username", "token_id", "token_name", "address", "action", "kind", "key"] as const;

const csv: AuditFormat = {
  contentType: "text/csv; charset=utf-8",
  head: `${[...COLUMNS, "fields"].join(",")}\r\n`,
  line: (line) => `${[...COLUMNS.map((column) => cell(String(line[column]))), cell(JSON.stringify(line.fields))].join(",")}\r\n`,
};

const jsonl: AuditFormat = {
  contentType: "application/x-ndjson; charset=utf-8",
  head: "",
  line: (line) => `${JSON.stringify(line)}\n`,
};

export const AUDIT_FILES = { csv, jsonl } as const;

/** Names come from people: a spreadsheet would compute what begins like a formula. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
