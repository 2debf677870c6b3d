import type { Clock } from "@windfire/kit";

/** Drawn at most so often, however many visitors come. */
const DRAWN_FOR_MS = 2_000;
/** Characters; a longer one would come later than the script that draws the same. */
const LONGEST = 200_000;

/** Draws what a page's data says, as HTML whose texts are escaped; "" when there is nothing to draw. */
export type DrawFirstScreen = (data: string) => Promise<string>;

export interface FirstScreenDeps {
  readonly clock: Pick<Clock, "monotonic">;
  readonly draw: DrawFirstScreen;
  /** What is never to be seen older than it is, such as the name of the site: drawn anew at once when it differs. */
  readonly edition: () => string;
  /** The page is as good without, only later. */
  readonly onError: (error: unknown) => void;
}

/** What is drawn, and the data it was drawn from: the script takes over what it would draw itself from the same. */
export interface FirstScreen {
  /** "" when there is nothing to draw, or it could not be. */
  readonly html: string;
  readonly data: string;
}

/** The first screen of the public start page for guests, all of whom see the same in the language of the site. */
export function createFirstScreen({ clock, draw, edition, onError }: FirstScreenDeps): (data: string) => Promise<FirstScreen> {
  let drawn: { readonly at: number; readonly edition: string; readonly screen: Promise<FirstScreen> } | undefined;
  const drawNow = async (data: string): Promise<FirstScreen> => {
    try {
      const html = await draw(data);
      return { html: html.length > LONGEST ? "" : html, data };
    } catch (error) {
      onError(error);
      return { html: "", data };
    }
  };
  return (data) => {
    const now = clock.monotonic();
    const newest = edition();
    const isFresh = drawn !== undefined && drawn.edition === newest && now - drawn.at < DRAWN_FOR_MS;
    if (drawn === undefined || !isFresh) drawn = { at: now, edition: newest, screen: drawNow(data) };
    return drawn.screen;
  };
}
