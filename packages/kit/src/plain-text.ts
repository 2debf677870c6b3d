/** Characters that turn the direction of what follows: a name with one reads as another. */
const TURNING = String.raw`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069`;
const LINE_ENDS = /\r\n?|[\u2028\u2029]/g;
const HIDDEN = new RegExp(String.raw`[${TURNING}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]`, "g");
const BREAKS = /[\n\t]+/g;

/** A text without characters that nobody sees and that change how the others are read; its lines end with `\n`. */
export function plainText(text: string): string {
  return text.replace(LINE_ENDS, "\n").replace(HIDDEN, "");
}

/** The same in one line, for a name in a sentence. */
export function oneLine(text: string): string {
  return plainText(text).replace(BREAKS, " ");
}
