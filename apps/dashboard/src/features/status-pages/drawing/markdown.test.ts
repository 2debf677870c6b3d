import fc from "fast-check";
import { expect, test } from "vitest";
import { markdown } from "./markdown.ts";

/** What HTML may hold that came out of a text of somebody's. */
const TAGS = new Set("p strong em s code pre ul ol li a h4 blockquote hr br table thead tbody tr th td".split(" "));
const ATTRIBUTES = new Set(["href", "rel", "title", "start", "class", "style"]);

function problemOf(html: string): string | undefined {
  // Whatever looks like a tag is one of ours: everything else was escaped.
  for (const [whole, name = "", rest = ""] of html.matchAll(/<\/?([^\s>/]*)([^>]*)>?/g)) {
    if (!TAGS.has(name)) return `tag ${whole}`;
    const attributes = [...rest.matchAll(/\s([^\s=]+)="([^"]*)"/g)];
    const left = rest.replaceAll(/\s([^\s=]+)="([^"]*)"/g, "").replace(/^\s*\/?$/, "");
    if (left !== "") return `attributes ${whole}`;
    for (const [, attribute = "", value = ""] of attributes) {
      if (!ATTRIBUTES.has(attribute)) return `attribute ${whole}`;
      if (attribute === "href" && !/^(https?:\/\/|mailto:)/i.test(value)) return `address ${whole}`;
      if (attribute === "style" && !/^text-align:(left|right|center)$/.test(value)) return `style ${whole}`;
      if (attribute === "class" && !/^language-\S*$/.test(value)) return `class ${whole}`;
    }
  }
  return undefined;
}

test("a text is drawn", () => {
  const { html } = markdown("# Cause\n\nA **full disk**, see [more](https://example.org/a?b=1&c=2).\nNext line\n\n- one\n- two");
  expect(html).toBe(
    '<h4>Cause</h4>\n<p>A <strong>full disk</strong>, see <a href="https://example.org/a?b=1&amp;c=2" rel="nofollow noopener noreferrer">more</a>.<br>\nNext line</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n',
  );
});

test.each([
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x](vbscript:x)",
  "[x](//evil.example)",
  "![x](https://tracker.example/pixel.png)",
  "<javascript:alert(1)>",
  '[x](https://a.example "><script>alert(1)</script>)',
  "[x]: javascript:alert(1)\n\n[x]",
  "&#106;avascript:alert(1) [x](&#106;avascript:alert(1))",
  '```"><script>\n</script>\n```',
  "| a |\n| :-: |\n| <b onmouseover=alert(1)> |",
])("nothing that runs or loads comes out of %s", (text) => expect(problemOf(markdown(text).html)).toBeUndefined());

const pieces = fc.constantFrom(
  "<",
  ">",
  '"',
  "'",
  "&",
  "`",
  "[",
  "]",
  "(",
  ")",
  "!",
  "\\",
  "\n",
  " ",
  ":",
  "/",
  "#",
  "*",
  "_",
  "|",
  "-",
  "~~",
  "\t",
  "\u0000",
  "script",
  "javascript:",
  "data:",
  "onerror=",
  "img",
  "svg",
  "href",
  "https://a.example",
  "style",
  "&#x6A;",
  "&lt;",
  "<!--",
  "-->",
  "]]>",
  "x",
);

test("nothing that runs or loads comes out of any text", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join("")),
      ),
      (text) => {
        expect(problemOf(markdown(text).html)).toBeUndefined();
      },
    ),
    { numRuns: 2_000 },
  );
});
