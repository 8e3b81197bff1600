export { handler as GET, handler as OPTIONS } from "../../clerk";
