import { provokeEach } from "./doctor-findings/provocation.js";
import { ofTheServer } from "./doctor-findings/server.js";

provokeEach(ofTheServer);
