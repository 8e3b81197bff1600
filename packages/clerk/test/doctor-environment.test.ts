import { ofTheEnvironment } from "./doctor-findings/environment.js";
import { provokeEach } from "./doctor-findings/provocation.js";

provokeEach(ofTheEnvironment);
