import { expect, it } from "vitest";
import type { Trouble } from "../../src/commands/doctor/check.js";
import type { Variables } from "../doctor-scene/doctor-run.js";
import { examined, type Scene, type SceneOptions, scene } from "../doctor-scene/scene.js";
import { onServersClosed } from "../protected-server.js";

/** How to cause a finding, and what the doctor must report. */
export interface Provocation extends SceneOptions {
  /** The check's id. */
  readonly id: string;
  readonly status: Trouble;
  readonly how: string;
  /** Part of the fix, or of the detail for a skipped check, which has no fix. */
  readonly says: string;
  /** Breaks something once everything runs. */
  readonly breaks?: (scene: Scene) => unknown;
  /** `front.restore()` undoes what `breaks` did, so that the scene can be shared. */
  readonly breaksFrontOnly?: boolean;
  readonly variables?: Variables | ((scene: Scene) => Variables | Promise<Variables>);
  readonly args?: readonly string[] | ((scene: Scene) => readonly string[]);
  /** Earlier checks that are red for the same cause. Default: none; this check is the first red one. */
  readonly after?: readonly string[];
}

let unbroken: Promise<Scene> | undefined;
// Files share a worker, so this module outlives the servers, which close with their file.
onServersClosed(() => {
  unbroken = undefined;
});

/** Provocations that break only the command's environment or the front share one scene. */
async function sceneFor(provocation: Provocation): Promise<Scene> {
  const { breaks, breaksFrontOnly, clerk, server, tool, clerkThroughFront } = provocation;
  const isOwn = [clerk, server, tool, clerkThroughFront].some((option) => option !== undefined);
  if (isOwn || (breaks !== undefined && !breaksFrontOnly)) return scene(provocation);
  unbroken ??= scene();
  (await unbroken).front.restore();
  return unbroken;
}

export function provokeEach(provocations: readonly Provocation[]): void {
  const named = provocations.map((each) => [`${each.id}: ${each.status}, when ${each.how}`, each] as const);
  it.each(named)("%s", (_, provocation) => provoke(provocation));
}

async function provoke(provocation: Provocation): Promise<void> {
  const { id, status, says, breaks, variables = {}, args = [], after = [] } = provocation;
  const broken = await sceneFor(provocation);
  await breaks?.(broken);
  const { report, run } = await examined(
    broken,
    typeof args === "function" ? args(broken) : args,
    typeof variables === "function" ? await variables(broken) : variables,
  );
  const result = report.checks.find((check) => check.id === id);
  expect(result).toMatchObject({ status });
  expect(result).toHaveProperty(status === "skipped" ? "detail" : "fix", expect.stringContaining(says));
  const red = report.checks.filter((check) => check.status === "fail").map((check) => check.id);
  const until = red.includes(id) ? red.slice(0, red.indexOf(id)) : red;
  expect(until).toEqual(after);
  expect({ ok: report.ok, code: run.code }).toEqual({ ok: red.length === 0, code: red.length === 0 ? 0 : 1 });
}
