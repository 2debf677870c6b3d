import { domainToASCII, domainToUnicode } from "node:url";

const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;
const HOST_CHARACTERS = /^[a-z0-9.-]*$/;

/**
 * A domain as DNS knows it: lower case, other scripts in Punycode, by the IDNA lookup rules with host name characters only (spec 30
 * section 5.1). The error is the text clients know.
 */
export function asciiDomain(text: string): { readonly domain: string } | { readonly error: string } {
  const stranger = forbiddenCharacter(text.toLowerCase());
  if (stranger !== undefined) return { error: disallowed(stranger) };
  const rooted = text.endsWith(".");
  const labels = (rooted ? text.slice(0, -1) : text).split(/[.。．｡]/);
  const converted: string[] = [];
  for (const label of labels) {
    const ascii = asciiLabel(label);
    if (ascii === undefined) return { error: `idna: invalid label ${JSON.stringify(label)}` };
    const unmapped = forbiddenCharacter(ascii);
    if (unmapped !== undefined) return { error: disallowed(unmapped) };
    converted.push(ascii);
  }
  const domain = converted.join(".");
  if (domain.length > LONGEST_NAME) return { error: `idna: invalid domain name: longer than ${LONGEST_NAME} characters` };
  return { domain: rooted ? `${domain}.` : domain };
}

/**
 * The platform converts host names of URLs, where a number at the end means an IPv4 address: a label is converted in front of one that
 * is no number.
 */
function asciiLabel(label: string): string | undefined {
  const ascii = domainToASCII(`${label}.a`).slice(0, -2);
  if (ascii === "" || ascii.includes(".") || ascii.length > LONGEST_LABEL) return undefined;
  if (ascii.startsWith("-") || ascii.endsWith("-")) return undefined;
  return ascii.slice(2, 4) === "--" && !isPunycode(ascii) ? undefined : ascii;
}

/** The platform leaves a label alone that it cannot decode. */
function isPunycode(label: string): boolean {
  return label.startsWith("xn--") && !domainToUnicode(`${label}.a`).startsWith("xn--");
}

function forbiddenCharacter(text: string): string | undefined {
  for (const char of text) if (char < "\u0080" && !HOST_CHARACTERS.test(char)) return char;
  return undefined;
}

function disallowed(char: string): string {
  return `idna: disallowed rune U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
