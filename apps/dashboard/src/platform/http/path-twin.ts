/** The paths of all routes, to tell a wrong path from one with only a slash too many or too few. */
export interface PathTable {
  add(method: string, path: string): void;
  /**
   * Where a request should have gone when only the trailing slash keeps it from a route of the same method (spec 10 section 2), with the
   * query kept; `undefined` when there is no such route.
   */
  twinOf(method: string, target: string): string | undefined;
}

export function createPathTable(): PathTable {
  const patterns = new Map<string, RegExp[]>();
  return {
    add(method, path) {
      const list = patterns.get(method) ?? [];
      patterns.set(method, list);
      list.push(new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`));
    },
    twinOf(method, target) {
      const mark = target.indexOf("?");
      const [path, search] = mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark)];
      if (path === "/" || path.startsWith("//")) return undefined;
      const twin = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
      if (!patterns.get(method)?.some((pattern) => pattern.test(twin))) return undefined;
      return twin + search;
    },
  };
}
