import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../tools/free-port.ts";

/** A reverse proxy with TLS as docs/operations/reverse-proxy.md describes it. */
export interface Proxy {
  /** `127.0.0.1:<port>` */
  readonly target: string;
  close(): Promise<void>;
}

/** @param dashboard `host:port` without TLS */
export async function openNginx(dashboard: string, certificate: string, key: string): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), "windfire-nginx-"));
  const port = await freePort();
  await writeFile(join(folder, "cert.pem"), certificate);
  await writeFile(join(folder, "key.pem"), key, { mode: 0o600 });
  await writeFile(join(folder, "nginx.conf"), configuration(folder, port, dashboard));
  const child = spawn("nginx", ["-e", "stderr", "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`nginx did not start:\n${errors}`);
  }
  return {
    target: `127.0.0.1:${port}`,
    close: async () => {
      child.kill("SIGQUIT");
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => setTimeout(() => resolve(false), 50));
  });
}

function configuration(folder: string, port: number, dashboard: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  return `daemon off; pid ${folder}/pid; worker_processes 1;
events {}
http {
  access_log off; ${temporary}
  map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
  upstream agents { server ${dashboard}; keepalive 16; }
  upstream web { server ${dashboard}; keepalive 16; }
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    underscores_in_headers on;
    location ^~ /proto.NezhaService/ {
      grpc_pass grpc://agents;
      grpc_read_timeout 600s; grpc_send_timeout 600s;
      client_max_body_size 0; client_body_timeout 600s;
    }
    location / {
      proxy_pass http://web;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 600s;
      proxy_buffering off; proxy_request_buffering off; client_max_body_size 0;
    }
  }
}
`;
}
