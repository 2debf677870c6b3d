/** The first so many bytes of a text in UTF-8, whole characters alone. */
export function cutBytes(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text;
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  // A character that was cut decodes to at most three replacement characters.
  return encoded
    .subarray(0, bytes)
    .toString()
    .replace(/\uFFFD{1,3}$/, "");
}
