import type { LiveSnapshot, Profile, ServerGroup, ServicesOverview, SettingView } from "@windfire/api";

/** What the dashboard may put into the page as `<script type="application/json" id="wf-data">`, so that the first paint needs no call. */
export interface EmbeddedData {
  readonly setting?: SettingView;
  /** `null`: known to be a guest. */
  readonly profile?: Profile | null;
  readonly groups?: readonly ServerGroup[];
  readonly services?: ServicesOverview;
  readonly frame?: LiveSnapshot;
}

/** Nothing when the page was served untouched. */
export function readEmbedded(document: Document): EmbeddedData {
  const text = document.getElementById("wf-data")?.textContent;
  if (text === undefined || text === null || text === "") return {};
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null ? data : {};
  } catch {
    return {};
  }
}
