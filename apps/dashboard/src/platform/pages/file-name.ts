/**
 * The file a path asks for, relative to a template folder: decoded once, and refused (`undefined`) when any part of it could leave the
 * folder or means something to a file system: `..`, back slashes, NUL, absolute names, hidden files (spec 60 section 2).
 */
export function fileName(encoded: string): string | undefined {
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  if (name === "" || name.includes("\0") || name.includes("\\") || name.includes(":")) return undefined;
  const parts = name.split("/");
  return parts.every((part) => part !== "" && !part.startsWith(".")) ? name : undefined;
}
