import { provokeEach } from "./doctor-findings/provocation.js";
import { ofTheSignIn } from "./doctor-findings/sign-in.js";

provokeEach(ofTheSignIn);
