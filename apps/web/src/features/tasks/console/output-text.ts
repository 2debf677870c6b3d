/** Escape sequences of terminals: colours, cursor movements, titles. */
// oxlint-disable-next-line no-control-regex -- they begin with a control character
const SEQUENCES = /\u001B(?:\[[\d;?]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;

/** Output as it is read: without escape sequences, and of a line that was written over only what was written last. */
export function plainText(output: string): string {
  return output
    .replaceAll(SEQUENCES, "")
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.slice(line.replace(/\r+$/, "").lastIndexOf("\r") + 1).replaceAll("\r", ""))
    .join("\n")
    .trimEnd();
}

/** The lines that hold a text, in any case; all of them without one. */
export function linesWith(text: string, query: string): string {
  if (query === "") return text;
  const wanted = query.toLowerCase();
  return text
    .split("\n")
    .filter((line) => line.toLowerCase().includes(wanted))
    .join("\n");
}
