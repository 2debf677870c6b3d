/** A finished answer that ends a request before its handler: blocked, not signed in, not allowed. */
export interface Refusal {
  readonly refused: true;
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = "application/json; charset=utf-8";

/** `{"success":false,"error":…}` with any status. */
export function refusalJson(status: number, error: string, headers: Record<string, string> = {}): Refusal {
  return { refused: true, status, contentType: JSON_TYPE, headers, body: JSON.stringify({ success: false, error }) };
}

/** An HTML page, e.g. the block page of spec 10 section 9.6. */
export function refusalPage(status: number, html: string): Refusal {
  return { refused: true, status, contentType: "text/html; charset=utf-8", headers: {}, body: html };
}
