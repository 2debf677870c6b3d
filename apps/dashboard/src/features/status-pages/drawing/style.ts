import { createHash } from "node:crypto";
import { inkOn, PALETTE } from "../pages/colours.ts";
import type { PageSettings } from "../pages/model.ts";

const INKS = `--ink:#12181f;--ink-2:#46515d;--ink-3:#5d6874;--line:#dee3e8;--control:#7f8892;--track:#dfe4e8;--link:#1a57c2;--focus:#1d5fd2;
--ok:#149a75;--ok-text:#0a6e53;--warn:#b97404;--warn-text:#855000;--warn-soft:#fbeed3;--crit:#d43a2f;--crit-text:#b0241d;--crit-soft:#fce5e2;
--maint:#7464de;--maint-text:#5645be;--maint-soft:#ece9fb;--none:#75818d;--ground:${PALETTE.light.ground};--card:${PALETTE.light.card};--button:#1c2530;--on-button:#fff`;

const DARK = `--ink:#e8ecf0;--ink-2:#aab5c0;--ink-3:#8c99a5;--line:#242d36;--control:#6c7782;--track:#252e37;--link:#86b0ff;--focus:#78a5ff;
--ok:#2bb38a;--ok-text:#52cba4;--warn:#db9a2b;--warn-text:#f0b64a;--warn-soft:#32260f;--crit:#ee5a4d;--crit-text:#ff8d81;--crit-soft:#3a1815;
--maint:#8f82ef;--maint-text:#aca1f6;--maint-soft:#231e41;--none:#6b7783;--ground:${PALETTE.dark.ground};--card:${PALETTE.dark.card};--button:#e8ecf0;--on-button:#0d1115`;

/** Light ink on light ground on paper, whatever the screen has. */
const SHEET = `
*{box-sizing:border-box;margin:0}
html{font:420 14px/1.45 "Inter Variable",Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Hiragino Sans","Microsoft YaHei","Noto Sans CJK SC","Noto Sans Tamil",sans-serif;-webkit-text-size-adjust:100%;background:var(--ground);color:var(--ink);overflow-wrap:break-word}
body{min-height:100vh;background:var(--ground)}
h1,h2,h3,h4{font-weight:640;line-height:1.2}
ul,ol{list-style:none;padding:0}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;inset-block-start:0;inset-inline-start:0;padding:.5rem .75rem;background:var(--card);z-index:2}
.skip:not(:focus){clip-path:inset(50%);width:1px;height:1px;overflow:hidden;padding:0}
.i{width:1rem;height:1rem;flex:none;display:inline-block;vertical-align:-.15em}
.t-ok{color:var(--ok)}.t-warn{color:var(--warn)}.t-crit{color:var(--crit)}.t-maint{color:var(--maint)}.t-none{color:var(--none)}
.w-ok{color:var(--ok-text)}.w-warn{color:var(--warn-text)}.w-crit{color:var(--crit-text)}.w-maint{color:var(--maint-text)}.w-none{color:var(--ink-3)}
.num{font-variant-numeric:tabular-nums}
.wrap{max-width:52rem;margin-inline:auto;padding-inline:1.5rem}
.top{border-bottom:1px solid var(--line)}
.top .wrap{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;min-height:3.5rem;padding-block:.5rem}
.brand{display:flex;gap:.625rem;align-items:center;font-weight:640;font-size:1rem;color:var(--ink);text-decoration:none;margin-inline-end:auto;min-height:1.75rem}
.brand .i{width:1.375rem;height:1.375rem}.brand img{display:block;height:1.75rem;max-width:12rem;object-fit:contain}
.top a:not(.brand){color:var(--ink-2);text-decoration:none;font-weight:540;padding-block:.25rem}.top a:hover{color:var(--ink)}
.say{display:flex;flex-wrap:wrap;gap:1rem;align-items:end;padding-block:2.5rem 1.5rem}
.say>div{flex:1;min-width:min(100%,16rem)}
.say h1{font-size:2.125rem;letter-spacing:-.025em;line-height:1.12;display:grid;grid-template-columns:auto minmax(0,1fr);gap:.75rem;text-wrap:balance}
.say h1 .i{width:1.9rem;height:1.9rem;margin-top:.25rem}
.say p{color:var(--ink-2);margin-top:.5rem}
.btn{display:inline-flex;gap:.5rem;align-items:center;justify-content:center;min-height:2.25rem;padding:.375rem .875rem;border:1px solid var(--control);border-radius:7px;background:var(--card);color:var(--ink);font:inherit;font-weight:540;text-decoration:none;cursor:pointer}
.btn:hover{border-color:var(--ink-2)}.btn.main{background:var(--button);border-color:var(--button);color:var(--on-button)}
.intro{color:var(--ink-2);max-width:65ch;padding-bottom:1.5rem}
.md>*+*{margin-top:.625rem}.md ul{list-style:disc;padding-inline-start:1.25rem}.md ol{list-style:decimal;padding-inline-start:1.5rem}.md code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.93em}.md pre{overflow-x:auto}.md table{border-collapse:collapse}.md :is(td,th){padding:.125rem .5rem;border:1px solid var(--line)}.md blockquote{border-inline-start:2px solid var(--line);padding-inline-start:.75rem}
.stack{display:grid;gap:.75rem}
.sect{margin-top:1.5rem}.sect>h2{font-size:.875rem;color:var(--ink-2);margin-bottom:.75rem;font-weight:540}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
.inc{overflow:hidden;border-color:var(--c)}.inc header{display:flex;flex-wrap:wrap;gap:.375rem .5rem;align-items:center;padding:.75rem 1.25rem;background:var(--s)}
.inc :is(h2,h3){font-size:1rem;flex:1;min-width:10rem}.inc h3 a{color:inherit;text-decoration:none}.inc h3 a:hover{text-decoration:underline}.inc header .since{color:var(--ink-2);font-size:.8125rem}
.k-warn{--c:var(--warn);--s:var(--warn-soft)}.k-crit{--c:var(--crit);--s:var(--crit-soft)}.k-maint{--c:var(--maint);--s:var(--maint-soft)}.k-ok{--c:var(--line);--s:transparent}
.chip{font-size:.8125rem;font-weight:540;padding:.125rem .5rem;border-radius:5px;background:var(--card)}
.inc>ol{padding:1rem 1.25rem 1.25rem;display:grid;gap:1rem}.inc>ol>li{display:grid;grid-template-columns:6.25rem minmax(0,1fr);gap:.25rem 1rem}
.inc time,.inc .when{color:var(--ink-3);font-size:.8125rem}.inc>ol b{font-weight:540}.inc .md{color:var(--ink-2);max-width:60ch}.inc .who{color:var(--ink-3);font-size:.8125rem;padding:0 1.25rem 1rem}
.part{padding:1rem 1.25rem;display:grid;gap:.5rem;border-bottom:1px solid var(--line)}.part:last-child{border:0}
.part .h{display:flex;gap:.5rem;align-items:center}.part :is(h2,h3){font-size:.875rem;font-weight:540;flex:1;min-width:0}.part .word{font-size:.8125rem}.part .ms{font-size:.75rem;color:var(--ink-3)}
.days{display:flex;gap:2px;height:1.75rem;align-items:flex-end}.days i{flex:1;min-width:2px;height:100%;border-radius:2px;background:var(--ok);opacity:.5}
.days .s{background:var(--warn);opacity:1;height:72%}.days .b{background:var(--crit);opacity:1;height:45%}.days .p{background:var(--maint);opacity:1;height:85%}.days .n{background:var(--track);opacity:1}
.ax{display:flex;justify-content:space-between;gap:.5rem;font-size:.75rem;color:var(--ink-3)}.ax .nw{display:none}
details{font-size:.75rem;color:var(--ink-3)}details.bad summary{cursor:pointer;min-height:1.5rem;width:fit-content}details.bad table{border-collapse:collapse;margin-top:.25rem}details.bad :is(td,th){text-align:start;padding:.125rem 1rem .125rem 0;font-weight:420}
.key{display:flex;flex-wrap:wrap;gap:.5rem 1rem;font-size:.75rem;color:var(--ink-2);margin-top:.75rem}.key span{display:inline-flex;gap:.375rem;align-items:center}.key .i{width:.875rem;height:.875rem}.key .sq{width:.75rem;height:.75rem;border-radius:2px;background:var(--track)}
.past li{padding:1rem 1.25rem;border-bottom:1px solid var(--line);display:grid;grid-template-columns:6rem minmax(0,1fr) auto;gap:1rem;align-items:baseline}.past li:last-child{border:0}.past a{color:var(--ink);font-weight:540;text-decoration:none}.past a:hover{text-decoration:underline}.past :is(time,.for){color:var(--ink-3);font-size:.8125rem}
.quiet{color:var(--ink-2);padding:1rem 1.25rem}
.get{margin-top:1.5rem;padding:1.25rem;display:grid;gap:1rem;scroll-margin-top:1rem}.get h2{font-size:1rem}.get form,.form{display:grid;gap:.375rem}.row{display:flex;flex-wrap:wrap;gap:.5rem}
.row input,.form input{flex:1;min-width:min(100%,14rem);min-height:2.25rem;padding:.375rem .625rem;border:1px solid var(--control);border-radius:7px;background:var(--card);color:var(--ink);font:inherit}
label{font-weight:540}.feeds{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}.trap{position:absolute;inset-inline-start:-100vw}
.foot{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin-top:2rem;padding-block:1.25rem 2.5rem;border-top:1px solid var(--line);font-size:.8125rem;color:var(--ink-3)}.foot .grow{flex:1}.foot a,.foot summary{color:var(--ink-2);display:inline-block;padding-block:.25rem}.foot details{font-size:inherit;position:relative}.foot summary{cursor:pointer}
.langs{position:absolute;inset-block-end:100%;inset-inline-end:0;z-index:1;background:var(--card);border:1px solid var(--line);border-radius:7px;padding:.5rem;display:grid;grid-template-columns:repeat(3,auto);gap:.125rem .75rem;box-shadow:0 12px 32px -8px rgb(18 24 31/.22)}.langs a{padding:.25rem .375rem;white-space:nowrap}
.note{padding:.75rem 1.25rem;margin-top:1.5rem}.only{padding-block:3rem}.only h1{font-size:1.625rem;letter-spacing:-.02em}.only>*+*{margin-top:1rem}.only .form{max-width:24rem}
.old{display:none}.is-old .old{display:block;border-color:var(--warn);background:var(--warn-soft)}
@media (max-width:720px){.wrap{padding-inline:1rem}.say{padding-block:1.5rem 1rem}.say h1{font-size:1.625rem}.say h1 .i{width:1.5rem;height:1.5rem}.d90 i:nth-child(-n+45){display:none}.ax .nw{display:inline}.d90+.ax .w{display:none}.d30+.ax .nw{display:none}.inc>:is(header,ol){padding-inline:1rem}.inc .who{padding-inline:1rem}.inc>ol>li{grid-template-columns:minmax(0,1fr);gap:.125rem}.past li{grid-template-columns:minmax(0,1fr) auto;gap:.125rem .75rem;padding-inline:1rem}.past time{grid-row:2}.part{padding-inline:1rem}.langs{grid-template-columns:repeat(2,auto)}}
@media (pointer:coarse){.btn,.row input,.form input{min-height:2.75rem;font-size:1rem}}
@media (prefers-contrast:more){:root{--ink-2:var(--ink);--ink-3:var(--ink);--line:var(--control)}}
@media (forced-colors:active){.days i{forced-color-adjust:none}.inc,.btn{border:1px solid}}
@media print{:root,:root.dark{${INKS};--ground:#fff}html{font-size:11px}.top nav,.get,.skip,.btn,.foot a,.foot details{display:none!important}.card,.inc,.part{break-inside:avoid}.days i{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit;text-decoration:none}}
`;

type Colours = Pick<PageSettings, "accent" | "accent_dark" | "ground" | "ground_dark">;

/** The style of a page in its own colours. `theme` overrides what the reader's screen asks for. */
export function styleOf(colours: Colours, theme: "auto" | "light" | "dark", font: string): string {
  const light = `${INKS};color-scheme:light;${own(colours.accent, colours.ground)}`;
  const dark = `${DARK};color-scheme:dark;${own(colours.accent_dark || colours.accent, colours.ground_dark, colours.accent_dark === "")}`;
  const face =
    font === ""
      ? ""
      : `@font-face{font-family:"Inter Variable";font-style:normal;font-display:swap;font-weight:100 900;src:url(${font}) format("woff2-variations");unicode-range:U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD}`;
  if (theme === "light") return `${face}:root{${light}}${SHEET}`;
  if (theme === "dark") return `${face}:root{${dark}}${SHEET}`;
  return `${face}:root{${light}}@media (prefers-color-scheme:dark){:root{${dark}}}${SHEET}`;
}

/** An accent that was chosen for light screens alone is left out on dark ones: nobody has looked whether it can be read there. */
function own(accent: string, ground: string, isOfOtherTheme = false): string {
  const chosen =
    accent === "" || isOfOtherTheme ? "" : `--link:${accent};--focus:${accent};--button:${accent};--on-button:${inkOn(accent)};`;
  return chosen + (ground === "" ? "" : `--ground:${ground};`);
}

/** How a policy lets a style or script in that is written into the page. */
export function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
