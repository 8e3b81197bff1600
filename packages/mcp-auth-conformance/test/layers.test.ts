import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { layerFaults } from "../../../dev/test/support/import-graph.js";

it("the suite's imports follow the layers in layers.json, without a cycle", () => {
  // Tables of cases may be long.
  const faults = layerFaults(fileURLToPath(new URL("..", import.meta.url)), { longFiles: /^cases\// });
  expect(faults).toEqual([]);
});
