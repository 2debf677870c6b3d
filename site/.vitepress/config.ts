import { defineConfig } from "vitepress";

/** The pages of docs/ as they are, with a search that asks nobody outside. */
export default defineConfig({
  title: "Windfire",
  description: "Self-hosted monitoring and operations for fleets of servers",
  lang: "en",
  // A browser asks for one otherwise.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcDir: "./pages",
  outDir: "./dist",
  cacheDir: "./node_modules/.vitepress",
  // Some links lead to the code beside the pages.
  ignoreDeadLinks: [/^(\.\/)?(\.\.\/)+(index|CONTRIBUTING|apps|packages|tools|e2e)/],
  markdown: {
    // `<name>` in a page is a place to fill in, not an element.
    html: false,
    languageAlias: { caddyfile: "nginx", haproxy: "nginx" },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: "deep",
    nav: [
      { text: "Operations", link: "/operations/" },
      { text: "API", link: "/api/" },
      { text: "Architecture", link: "/architecture" },
      { text: "Contributing", link: "/contributing" },
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          { text: "Pages", link: "/" },
          { text: "Installing", link: "/operations/installing" },
          { text: "From Nezha", link: "/operations/upgrading-from-nezha" },
          { text: "From Komari", link: "/operations/upgrading-from-komari" },
          { text: "From Uptime Kuma", link: "/operations/upgrading-from-kuma" },
        ],
      },
      {
        text: "Operating",
        items: [
          { text: "All pages", link: "/operations/" },
          { text: "Behind a reverse proxy", link: "/operations/reverse-proxy" },
          { text: "Watching over it", link: "/operations/running" },
          { text: "Agents", link: "/operations/agent" },
          { text: "Backup", link: "/operations/backup" },
          { text: "Limits", link: "/operations/limits" },
          { text: "What it costs", link: "/operations/figures" },
        ],
      },
      {
        text: "Security",
        items: [
          { text: "Threat model", link: "/threat-model" },
          { text: "OWASP ASVS 5.0", link: "/asvs" },
          { text: "Which test keeps which rule", link: "/security-tests" },
        ],
      },
      {
        text: "Working on it",
        items: [
          { text: "A first change", link: "/contributing" },
          { text: "Architecture", link: "/architecture" },
          { text: "Words", link: "/glossary" },
          { text: "API", link: "/api/" },
        ],
      },
    ],
  },
});
