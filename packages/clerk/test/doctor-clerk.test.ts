import { ofClerk } from "./doctor-findings/clerk.js";
import { provokeEach } from "./doctor-findings/provocation.js";

provokeEach(ofClerk);
