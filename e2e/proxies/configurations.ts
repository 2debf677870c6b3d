import { snippet, withChanges } from "./snippets.ts";

export const PROXIES = ["nginx", "caddy", "haproxy"] as const;
export type ProxyName = (typeof PROXIES)[number];

/** Names by which the proxies are asked, besides `localhost`, which agents find. */
export const NAME = "monitor.example.com";
export const TUNNEL = "camera.example.com";

export interface Place {
  /** Where certificate, key and temporary files lie. */
  readonly folder: string;
  /** For browsers; for agents too where one port serves both. */
  readonly port: number;
  /** For agents without TLS, where they need a port of their own. */
  readonly agentPort: number;
  /** `host:port` */
  readonly dashboard: string;
  readonly tls: boolean;
}

/** What runs a proxy on the configuration of the page, with the ports, names and files of a test. */
export interface Recipe {
  readonly file: string;
  readonly text: string;
  readonly command: readonly [string, ...string[]];
  /** Port that agents use. */
  readonly agentPort: number;
}

export const RECIPES: Readonly<Record<ProxyName, (place: Place) => Recipe>> = { nginx, caddy, haproxy };

function nginx(place: Place): Recipe {
  const { folder, port, agentPort, dashboard, tls } = place;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  const shared = [
    ["127.0.0.1:8008", dashboard],
    ["server_name monitor.example.com;", `server_name ${NAME} localhost ${TUNNEL};`],
  ] as const;
  const [certificate, key] = [
    "ssl_certificate     /etc/ssl/monitor.example.com.pem;",
    "ssl_certificate_key /etc/ssl/monitor.example.com.key;",
  ] as const;
  const main = withChanges(snippet("nginx"), [
    ...shared,
    ["listen 443 ssl http2;", tls ? `listen 127.0.0.1:${port} ssl http2;` : `listen 127.0.0.1:${port};`],
    [certificate, tls ? `ssl_certificate ${folder}/cert.pem;` : ""],
    [key, tls ? `ssl_certificate_key ${folder}/key.pem;` : ""],
  ]);
  const agents = withChanges(snippet("nginx agents"), [shared[1], ["listen 8009 http2;", `listen 127.0.0.1:${agentPort} http2;`]]);
  return {
    file: "nginx.conf",
    text: `daemon off; pid ${folder}/pid; worker_processes 1;\nevents {}\nhttp {\naccess_log off; ${temporary}\n${main}${tls ? "" : agents}}\n`,
    command: ["nginx", "-e", "stderr", "-c", `${folder}/nginx.conf`],
    agentPort: tls ? port : agentPort,
  };
}

function caddy({ folder, port, dashboard, tls }: Place): Recipe {
  const scheme = tls ? "" : "http://";
  const names = [NAME, "localhost", TUNNEL].map((name) => `${scheme}${name}:${port}`).join(", ");
  const own = tls ? `\ttls ${folder}/cert.pem ${folder}/key.pem\n` : "";
  const site = withChanges(snippet("caddyfile"), [
    ["monitor.example.com {\n", `${names} {\n\tbind 127.0.0.1\n${own}`],
    ["127.0.0.1:8008", dashboard],
  ]);
  const options = withChanges(snippet("caddyfile options"), [["{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers"]]);
  return {
    file: "Caddyfile",
    text: `${tls ? "{\n\tadmin off\n\tauto_https off\n}\n" : options}${site}`,
    command: ["caddy", "run", "--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"],
    agentPort: port,
  };
}

function haproxy({ folder, port, dashboard, tls }: Place): Recipe {
  const bind = tls ? `bind 127.0.0.1:${port} ssl crt ${folder}/both.pem alpn h2,http/1.1` : `bind 127.0.0.1:${port}`;
  return {
    file: "haproxy.cfg",
    text: withChanges(snippet("haproxy"), [
      ["bind :443 ssl crt /etc/haproxy/monitor.example.com.pem alpn h2,http/1.1", bind],
      ["127.0.0.1:8008", dashboard],
    ]),
    command: ["haproxy", "-db", "-f", `${folder}/haproxy.cfg`],
    agentPort: port,
  };
}
