import type { ComponentPropsWithRef, MouseEvent, SyntheticEvent } from "react";
import { useMemo } from "react";
import { stringifySearch } from "./navigation.ts";
import type { SearchParams } from "./navigation.ts";
import { useRouter } from "./public-router-context.ts";

interface LinkProps extends Omit<ComponentPropsWithRef<"a">, "href"> {
  readonly to: string;
  readonly search?: SearchParams;
}

/** A click that asks for nothing but to go there. */
const isPlain = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;

/** A link within the public half. Marked as current on its own page. */
export function Link({ to, search = {}, children, ...rest }: LinkProps) {
  const router = useRouter();
  const href = to + stringifySearch(search);
  const follow = (event: MouseEvent) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    router.go(href);
  };
  const current = router.path === to ? ({ "aria-current": "page" } as const) : {};
  return (
    <a {...current} {...rest} href={href} onClick={follow} onPointerEnter={() => router.prepare(to)} onFocus={() => router.prepare(to)}>
      {children}
    </a>
  );
}

/** What an element does for the plain links in it, where there are so many that a {@link Link} each would cost more than it shows. */
export function useLinksWithin() {
  const router = useRouter();
  return useMemo(() => {
    const pathOf = ({ target }: SyntheticEvent) =>
      target instanceof Element ? (target.closest("a")?.getAttribute("href") ?? undefined) : undefined;
    const prepare = (event: SyntheticEvent) => {
      const path = pathOf(event);
      if (path !== undefined) router.prepare(path);
    };
    const onClick = (event: MouseEvent) => {
      const path = pathOf(event);
      if (path === undefined || !isPlain(event)) return;
      event.preventDefault();
      router.go(path);
    };
    return { onClick, onPointerOver: prepare, onFocus: prepare };
  }, [router]);
}
