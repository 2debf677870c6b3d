/** How agents word what fails before a probe got anywhere (spec 21 section 7), and what it means. */
const WORDS: readonly (readonly [start: string, meaning: string])[] = [
  ["\n应用错误: ", "HTTP status "],
  ["无法解析 ", "cannot resolve "],
];

/** What a probe says, for people: agents say some of it in Chinese alone, whatever language is spoken here. Anything else stays as it is. */
export function plainWords(said: string): string {
  const known = WORDS.find(([start]) => said.startsWith(start));
  return known ? known[1] + said.slice(known[0].length) : said;
}
