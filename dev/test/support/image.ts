/**
 * Executes a Dockerfile without Docker. Each stage is a folder. Node and npm, which the base image would contain, are
 * this machine's. It supports only the instructions of this repository's Dockerfile, and fails on any other.
 */
import { readFileSync } from "node:fs";
import { chmod, cp, mkdir, readdir, stat, symlink } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import dockerignore from "@balena/dockerignore";
import { type Copy, DockerfileParser, type Env, type From, type Instruction, type Run } from "dockerfile-ast";
import { run } from "./program.js";
import { emptyFolder, ROOT } from "./template.js";

export interface Image {
  /** The folder that is the image's `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly ports: readonly string[];
  readonly healthcheck: readonly string[];
  readonly cmd: readonly string[];
}

type Stage = { -readonly [Part in keyof Image]: Image[Part] };

export interface ImageOptions {
  /** Whether to execute `npm install`, too. Otherwise the packages installed in this repository are linked. */
  readonly installs?: boolean;
}

const FROM_REGISTRY = process.env.IMAGE_FROM_REGISTRY === "1";

/** @returns the last stage */
export async function buildImage(
  context: string,
  { installs = FROM_REGISTRY }: ImageOptions = {},
): Promise<Image> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  const file = DockerfileParser.parse(readFileSync(join(context, "Dockerfile"), "utf8"));
  for (const instruction of file.getInstructions()) {
    if (instruction.getKeyword() === "FROM") {
      stage = await emptyStage(instruction as From);
      stages.set((instruction as From).getBuildStage() ?? `${stages.size}`, stage);
    } else if (stage === undefined) throw new Error("The Dockerfile does not start with FROM.");
    else if (instruction.getKeyword() === "RUN") await execute(instruction as Run, stage, installs);
    else await carryOut(instruction, stage, stages, context);
  }
  if (stage === undefined) throw new Error("The Dockerfile is empty.");
  return stage;
}

async function emptyStage(from: From): Promise<Stage> {
  const image = from.getImage() ?? "";
  if (!/^node:\d+-slim$/.test(image)) throw new Error(`${image} is no image whose content is known here.`);
  const root = await emptyFolder();
  await chmod(root, 0o755);
  return { root, workdir: "/", env: {}, user: "root", ports: [], healthcheck: [], cmd: [] };
}

async function carryOut(
  instruction: Instruction,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: string,
): Promise<void> {
  const text = instruction.getArgumentsContent() ?? "";
  switch (instruction.getKeyword()) {
    case "WORKDIR":
      stage.workdir = posix.resolve(stage.workdir, text);
      await mkdir(join(stage.root, stage.workdir), { recursive: true });
      return;
    case "COPY":
      return copy(instruction as Copy, stage, stages, context);
    case "ENV":
      for (const variable of (instruction as Env).getProperties())
        stage.env = { ...stage.env, [variable.getName()]: variable.getValue() ?? "" };
      return;
    case "USER":
      stage.user = text;
      return;
    case "EXPOSE":
      stage.ports = [...stage.ports, text];
      return;
    case "HEALTHCHECK":
      stage.healthcheck = command(text.replace(/^(--\S+ )*CMD /, ""));
      return;
    case "CMD":
      stage.cmd = command(text);
      return;
    default:
      throw new Error(`${instruction.getKeyword()} cannot be carried out here.`);
  }
}

/** Parses the exec form. The shell form is not supported: a shell would not forward SIGTERM. */
function command(text: string): string[] {
  return JSON.parse(text) as string[];
}

async function copy(
  instruction: Copy,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: string,
): Promise<void> {
  const name = instruction.getFromFlag()?.getValue();
  const from = name === undefined ? context : stages.get(name ?? "")?.root;
  if (from === undefined) throw new Error(`There is no stage ${name}.`);
  const paths = instruction.getArguments().map((argument) => argument.getValue());
  const destination = join(stage.root, posix.resolve(stage.workdir, paths.pop() ?? ""));
  for (const path of paths) {
    const source = join(from, path);
    if (!(await stat(source)).isDirectory()) await cp(source, join(destination, basename(path)));
    else if (name === undefined) await copyContext(source, destination);
    else await cp(source, destination, { recursive: true });
  }
}

async function copyContext(context: string, destination: string): Promise<void> {
  for (const path of await contextFiles(context)) await cp(join(context, path), join(destination, path));
}

/**
 * The files that `.dockerignore` does not exclude. Like Docker, it also searches excluded folders: a later pattern may
 * include one of their files again.
 */
export async function contextFiles(context: string): Promise<string[]> {
  const ignore = dockerignore().add(readFileSync(join(context, ".dockerignore"), "utf8").split("\n"));
  const visit = async (folder: string): Promise<string[]> => {
    const entries = await readdir(join(context, folder), { withFileTypes: true });
    const paths = entries.map(async (entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? visit(path) : ignore.ignores(path) ? [] : [path];
    });
    return (await Promise.all(paths)).flat();
  };
  return visit("");
}

async function execute(instruction: Run, stage: Stage, installs: boolean): Promise<void> {
  const unknown = instruction.getFlags().filter((flag) => !flag.getValue()?.startsWith("type=cache,"));
  if (unknown.length > 0) throw new Error(`${unknown.join(" ")} cannot be carried out here.`);
  const line = instruction
    .getArguments()
    .map((argument) => argument.getValue())
    .join(" ");
  const cwd = join(stage.root, stage.workdir);
  if (line === "npm install" && !installs) {
    // The workspaces are links to this repository's folders, which are already compiled.
    await symlink(join(ROOT, "node_modules"), join(cwd, "node_modules"), "junction");
    return;
  }
  const { code, output } = await run("sh", ["-c", line], { cwd, env: { ...stage.env } });
  if (code !== 0) throw new Error(`${line}\n${output}`);
}
