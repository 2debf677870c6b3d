/** Folders of `/proc` that are processes. */
export function countProcesses(names: readonly string[]): number {
  let count = 0;
  for (const name of names) {
    const first = name.charCodeAt(0);
    if (first >= 0x31 && first <= 0x39) count++;
  }
  return count;
}
