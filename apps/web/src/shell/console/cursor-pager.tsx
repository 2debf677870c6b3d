import { useFormats } from "#lib/formats.ts";
import { Button } from "#ui/button.tsx";
import { useSearchState } from "../navigation.ts";

interface CursorProps {
  /** Where the next, older page begins; left out: there is none. */
  readonly next: number | undefined;
}

/** Ways from a page of a long list to older rows and back to the newest; where a page begins is in the address, as `before`. */
export function CursorPager({ next }: CursorProps) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  return (
    <div className="flex justify-end gap-2">
      {search["before"] === undefined ? null : (
        <Button size="small" onClick={() => change({ before: "" })}>
          {t("incident.newest")}
        </Button>
      )}
      {next === undefined ? null : (
        <Button size="small" onClick={() => change({ before: String(next), open: "" }, { push: true })}>
          {t("incident.older")}
        </Button>
      )}
    </div>
  );
}
