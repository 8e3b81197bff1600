import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { layerFaults } from "../../../dev/test/support/import-graph.js";

it("the stand-in's imports follow the layers in layers.json, without a cycle", () => {
  expect(layerFaults(fileURLToPath(new URL("..", import.meta.url)))).toEqual([]);
});
