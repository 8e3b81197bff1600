/** `/machines`: services with their own tokens. */
import { z } from "zod";
import type { MachineRecord } from "../machines/machines.js";
import { machineResource } from "./machine-resources.js";
import { orderBy, ordered } from "./order.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { listOf, pageQuery, word } from "./query.js";
import { missing, valueInvalid } from "./refusals.js";
import type { Route } from "./route.js";

const creation = z.strictObject({
  name: z.string().min(1).max(255),
  scoped_machines: z.array(z.string()).max(150).default([]),
  default_token_ttl: z.int().min(1).max(315_360_000).optional(),
});

const ORDER = {
  name: (machine: MachineRecord) => machine.name,
  created_at: (machine: MachineRecord) => machine.createdAt,
};

export function machineRoutes({ machines, keys }: BackendApiParts): Route[] {
  const resource = (machine: MachineRecord) => machineResource(keys.current.kid, machines, machine);
  const machineOf = (id: string) => machines.byId(id) ?? missing("machine", id);

  return [
    [
      "POST",
      /^\/machines$/,
      async (_id, exchange) => {
        const body = await formOf(creation, exchange);
        const unknown = body.scoped_machines.find((id) => !machines.byId(id));
        if (unknown !== undefined) throw valueInvalid("scoped_machines", `There is no machine ${unknown}.`);
        const machine = machines.create({
          name: body.name,
          scopedMachines: body.scoped_machines,
          ...(body.default_token_ttl && { defaultTokenTtlSeconds: body.default_token_ttl }),
        });
        return { ...resource(machine), secret_key: machine.secretKey };
      },
    ],
    [
      "GET",
      /^\/machines$/,
      (_id, exchange) => {
        const query = pageQuery(
          { query: word, order_by: orderBy(["name", "created_at"], "-created_at") },
          exchange,
        );
        const part = query.query?.toLowerCase() ?? "";
        const found = machines
          .list()
          .reverse()
          .filter(({ id, name }) => id === query.query || name.toLowerCase().includes(part));
        return listOf(ordered(found, query.order_by, ORDER), query, resource);
      },
    ],
    ["GET", /^\/machines\/([^/]+)$/, (id) => resource(machineOf(id))],
    [
      "GET",
      /^\/machines\/([^/]+)\/secret_key$/,
      (id) => ({ object: "machine_secret_key", secret: machineOf(id).secretKey }),
    ],
  ];
}
