import markdownIt from "markdown-it";
import { trusted } from "./html.ts";
import type { Html } from "./html.ts";

/** Links lead to pages and mailboxes, and nowhere else. */
const LINK = /^(https?:\/\/|mailto:)/i;

let made: ReturnType<typeof makeRenderer> | undefined;

/** CommonMark; HTML in it is text. Pictures are left out: the page loads nothing from elsewhere. */
function makeRenderer() {
  const renderer = markdownIt({ html: false, linkify: false, breaks: true, typographer: false }).disable("image");
  renderer.validateLink = (url) => LINK.test(url.trim());
  const open = renderer.renderer.rules["link_open"];
  renderer.renderer.rules["link_open"] = (tokens, at, options, env, self) => {
    tokens[at]?.attrSet("rel", "nofollow noopener noreferrer");
    return open?.(tokens, at, options, env, self) ?? self.renderToken(tokens, at, options);
  };
  return renderer;
}

/** Headings of a text stand below those of the page. */
const HEADING = /(<\/?)h[1-6]>/g;

/** What somebody wrote in Markdown as HTML without scripts, handlers, pictures and addresses of other kinds. */
export function markdown(text: string): Html {
  made ??= makeRenderer();
  return trusted(made.render(text.toWellFormed()).replaceAll(HEADING, "$1h4>"));
}

/** The same as plain text, for mail and feeds. */
export function plainText(text: string): string {
  return text.replaceAll("\r", "").trim();
}
