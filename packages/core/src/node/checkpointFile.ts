/** Keeps checkpoints in the files of a directory, one file for each version of a key. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { randomUUID } from "node:crypto"
import * as fs from "node:fs/promises"
import * as path from "node:path"
import { CheckpointConflict, CheckpointStoreError, RunCheckpoint, type Saved } from "../RunCheckpoint.ts"

/** How many versions of a key stay: a reader may be about to open the one before the last. */
const versionsLeft = 3

const isCode = (error: unknown, ...codes: ReadonlyArray<string>): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code))

/** The name of a key's files without their version: only characters that every file system takes. */
const baseOf = (key: string): string =>
  encodeURIComponent(key).replace(/[*.~]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)

/** Returns the versions of a key that the directory holds, the latest first. */
const versionsOf = async (directory: string, key: string): Promise<ReadonlyArray<number>> => {
  const base = `${baseOf(key)}.`
  const names = await fs.readdir(directory).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return []
    throw error
  })
  return names
    .flatMap((name) =>
      name.startsWith(base) && /^\d+$/.test(name.slice(base.length)) ? [Number(name.slice(base.length))] : []
    )
    .sort((a, b) => b - a)
}

const load = async (directory: string, key: string): Promise<Option.Option<Saved>> => {
  const [version] = await versionsOf(directory, key)
  if (version === undefined) return Option.none()
  try {
    return Option.some({ version, value: await fs.readFile(path.join(directory, `${baseOf(key)}.${version}`), "utf8") })
  } catch (error) {
    // A writer has saved so often meanwhile that this version is gone.
    if (isCode(error, "ENOENT")) return load(directory, key)
    throw error
  }
}

/** Saves a version, or returns `undefined` where the key has another than the expected one. */
const save = async (directory: string, key: string, value: string, expected: number): Promise<number | undefined> => {
  await fs.mkdir(directory, { recursive: true })
  const [latest = 0] = await versionsOf(directory, key)
  if (latest !== expected) return undefined
  const version = expected + 1
  const nameOf = (version: number) => path.join(directory, `${baseOf(key)}.${version}`)
  const temporary = path.join(directory, `.${randomUUID()}`)
  try {
    const file = await fs.open(temporary, "wx")
    try {
      await file.writeFile(value, "utf8")
      await file.sync()
    } finally {
      await file.close()
    }
    // A link appears whole or not at all, and never over another writer's.
    await fs.link(temporary, nameOf(version))
  } catch (error) {
    if (isCode(error, "EEXIST")) return undefined
    throw error
  } finally {
    await fs.rm(temporary, { force: true })
  }
  const [newest = version, ...versions] = await versionsOf(directory, key)
  if (newest !== version) {
    // Others have saved and removed this version between: it is not the one that follows.
    const isOutrun = !versions.includes(expected)
    if (isOutrun) await fs.rm(nameOf(version), { force: true })
    return isOutrun ? undefined : version
  }
  // The oldest first, so that no version is there without the ones behind it.
  for (const old of versions.slice(versionsLeft - 1).reverse()) await fs.rm(nameOf(old), { force: true })
  return version
}

const attempt = <A>(key: string, operation: "load" | "save", run: () => Promise<A>) =>
  Effect.tryPromise({ try: run, catch: (cause) => new CheckpointStoreError({ key, operation, cause }) })

export const layer = (directory: string): Layer.Layer<RunCheckpoint> =>
  Layer.succeed(RunCheckpoint, {
    load: (key) => attempt(key, "load", () => load(directory, key)),
    save: (key, value, expectedVersion) =>
      Effect.flatMap(
        attempt(key, "save", () => save(directory, key, value, expectedVersion)),
        (version) =>
          version === undefined
            ? Effect.fail(new CheckpointConflict({ key, expectedVersion }))
            : Effect.succeed(version)
      )
  })
