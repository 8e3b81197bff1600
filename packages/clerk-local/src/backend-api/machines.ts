/** `/machines`: services with their own tokens. */
import { z } from "zod";
import { readJson } from "../http/exchange.js";
import { machineResource } from "./machine-resources.js";
import { page } from "./paging.js";
import { checked, unprocessable } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { missing, type Route } from "./route.js";

const creation = z.object({
  name: z.string().min(1).max(255),
  scoped_machines: z.array(z.string()).max(150).default([]),
  default_token_ttl: z.int().min(1).max(315_360_000).optional(),
});

export function machineRoutes({ machines, keys }: BackendApiParts): Route[] {
  const instanceId = () => keys.current.kid;
  const machineOf = (id: string) => machines.byId(id) ?? missing("machine", id);

  return [
    [
      "POST",
      /^\/machines$/,
      async (_id, exchange) => {
        const body = checked(creation, await readJson(exchange.req));
        const unknown = body.scoped_machines.find((id) => !machines.byId(id));
        if (unknown !== undefined) throw unprocessable("scoped_machines", `there is no machine ${unknown}`);
        const machine = machines.create({
          name: body.name,
          scopedMachines: body.scoped_machines,
          ...(body.default_token_ttl && { defaultTokenTtlSeconds: body.default_token_ttl }),
        });
        return { ...machineResource(instanceId(), machines, machine), secret_key: machine.secretKey };
      },
    ],
    [
      "GET",
      /^\/machines$/,
      (_id, { url }) => {
        const all = machines.list();
        return {
          data: page(url, all).map((machine) => machineResource(instanceId(), machines, machine)),
          total_count: all.length,
        };
      },
    ],
    ["GET", /^\/machines\/([^/]+)$/, (id) => machineResource(instanceId(), machines, machineOf(id))],
    [
      "GET",
      /^\/machines\/([^/]+)\/secret_key$/,
      (id) => ({ object: "machine_secret_key", secret: machineOf(id).secretKey }),
    ],
  ];
}
