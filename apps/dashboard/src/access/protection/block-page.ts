/** Text shown to blocked addresses, on pages and as gRPC status message. */
export const BLOCKED_MESSAGE = "you were blocked by nezha WAF";

/** Self-contained page for a blocked visitor (spec 10 section 9.6). */
export function blockPage(message: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Blocked</title>
<style>
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;text-align:center;font-family:ui-monospace,monospace;background:#fff;color:#222}
.face{font-size:9rem;line-height:1}
footer{margin-top:3rem;font-size:.8rem;opacity:.6}
@media (prefers-color-scheme:dark){body{background:#16181d;color:#ddd}}
</style>
</head>
<body>
<div class="face" aria-hidden="true">\u{1F921}</div>
<h1>Blocked</h1>
<p>${escapeHtml(message)}</p>
<footer>nezha WAF</footer>
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? "");
}
