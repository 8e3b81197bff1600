import { expect, it } from "vitest";
import { provokeEach } from "./doctor-findings/provocation.js";
import { ofTheServer } from "./doctor-findings/server.js";
import { examined, scene } from "./doctor-scene/scene.js";

provokeEach(ofTheServer);

it.each(["lists", "everyone"] as const)(
  "a server with discovery %s asks for a token, by its answer to a call",
  async (discovery) => {
    const { report } = await examined(await scene({ server: () => ({ discovery }) }));
    expect(report.checks.find(({ id }) => id === "challenge")).toMatchObject({
      status: "ok",
      detail: expect.stringMatching(/^lists are open, a call is answered 401, scope profile email/),
    });
  },
);
