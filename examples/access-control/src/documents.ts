/**
 * The documents of the caller's organization. The functions take the organization from the session, never as an
 * argument, so that no tool can reach another organization's documents.
 */
import { AccessDenied, getSession } from "@xmcp-dev/clerk";
import { z } from "zod";
import { database } from "./database";

export const documentShape = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string(),
  lockedBy: z.string().nullable().describe("The user who is writing it"),
});

export type Document = z.infer<typeof documentShape>;

const COLUMNS = "id, title, body, locked_by as lockedBy";

export async function allDocuments(): Promise<Document[]> {
  return select(`select ${COLUMNS} from documents where organization_id = ? order by id`, [organization()]);
}

/** Also `undefined` for a document of another organization, so that its existence is not revealed. */
export async function findDocument(id: string): Promise<Document | undefined> {
  const where = "organization_id = ? and id = ?";
  const [found] = await select(`select ${COLUMNS} from documents where ${where}`, [organization(), id]);
  return found;
}

export async function removeDocument(id: string): Promise<void> {
  const sqlite = await database();
  sqlite.run("delete from documents where organization_id = ? and id = ?", [organization(), id]);
}

function organization(): string {
  const { organizationId } = getSession();
  if (organizationId === undefined) throw new AccessDenied("Sign in again and choose an organization.");
  return organizationId;
}

async function select(query: string, values: string[]): Promise<Document[]> {
  const statement = (await database()).prepare(query, values);
  try {
    const documents: Document[] = [];
    while (statement.step()) documents.push(documentShape.parse(statement.getAsObject()));
    return documents;
  } finally {
    statement.free();
  }
}
