/** nginx with the configuration of docs/deploy/node.md. Only ports, folders and the certificate differ. */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { atEnd } from "../support/at-end.js";
import { documented, replaced } from "../support/documented.js";
import { eventually } from "../support/eventually.js";
import { fetchFrom } from "../support/fetch-from.js";
import { run, start } from "../support/program.js";
import { keepServerOutput } from "../support/server-output.js";
import { emptyFolder } from "../support/template.js";

export interface Nginx {
  readonly origin: string;
  accessLog(): string;
}

export interface Certificate {
  readonly folder: string;
  /** Trusts the certificate. */
  readonly fetch: typeof fetch;
}

const HOSTNAME = "localhost";

/** Includes the configuration as Debian's own `nginx.conf` includes a file in `conf.d`. */
const AROUND = `daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include mcp.conf;
}
`;

const PLACES = ["/usr/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"];

export async function certificate(): Promise<Certificate> {
  const folder = await emptyFolder();
  const [key, chain] = [join(folder, "privkey.pem"), join(folder, "fullchain.pem")];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"];
  const names = ["-subj", `/CN=${HOSTNAME}`, "-addext", `subjectAltName=DNS:${HOSTNAME}`];
  const args = ["req", ...kind, ...names, "-keyout", key, "-out", chain];
  const { code, output } = await run("openssl", args, { cwd: folder });
  if (code !== 0) throw new Error(output);
  return { folder, fetch: fetchFrom(HOSTNAME, readFileSync(chain, "utf8")) };
}

/** @param port where the server will listen */
export async function nginxBefore(
  port: string,
  { folder: certificates, fetch }: Certificate,
): Promise<Nginx> {
  const folder = await emptyFolder();
  const listening = await freePort();
  const site = replaced(documented("docs/deploy/node.md", "/etc/nginx/conf.d/mcp.conf"), {
    "127.0.0.1:3001": `127.0.0.1:${port}`,
    "listen 443 ssl": `listen 127.0.0.1:${listening} ssl`,
    "/etc/ssl/mcp": certificates,
    "/var/log/nginx": folder,
  });
  await writeFile(join(folder, "mcp.conf"), site);
  await writeFile(join(folder, "nginx.conf"), AROUND);
  const nginx = start(program(), ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], { cwd: folder });
  const origin = `https://${HOSTNAME}:${listening}`;
  const isListening = () =>
    fetch(origin).then(
      () => true,
      () => false,
    );
  await eventually("nginx listens", isListening).catch((error: Error) => {
    throw new Error(`${error.message}\n${nginx.output()}`);
  });
  const accessLog = () => readFileSync(join(folder, "mcp.log"), "utf8");
  atEnd(() => keepServerOutput(accessLog()));
  return { origin, accessLog };
}

function program(): string {
  const found = PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `There is no nginx. Install it (Debian, Ubuntu: apt-get install nginx). Looked at: ${PLACES}.`,
  );
}
