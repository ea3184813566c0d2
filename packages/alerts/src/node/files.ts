/** Writes files that appear whole or not at all, and names them so that every file system takes the name. */
import * as Predicate from "effect/Predicate"
import { createHash, randomUUID } from "node:crypto"
import * as fs from "node:fs/promises"
import * as path from "node:path"

/** Whether it is an error of the system with this code, such as `ENOENT`. */
export const isCode = (error: unknown, code: string): boolean =>
  Predicate.hasProperty(error, "code") && error.code === code

/** A short name of a key: what a person can read of it, and a hash that tells it from all others in any case of letters. */
export const nameOf = (key: string): string =>
  `${key.replace(/[^A-Za-z0-9-]+/g, "-").slice(-40)}-${createHash("sha256").update(key).digest("hex").slice(0, 24)}`

/** Lists the names in a directory, none where it does not exist. */
export const namesIn = async (directory: string): Promise<ReadonlyArray<string>> => {
  try {
    return await fs.readdir(directory)
  } catch (error) {
    if (isCode(error, "ENOENT")) return []
    throw error
  }
}

/** Reads a file, or nothing where it does not exist. */
export const readText = async (file: string): Promise<string | undefined> => {
  try {
    return await fs.readFile(file, "utf8")
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined
    throw error
  }
}

/** Renames a file. Returns whether it was there. */
export const move = async (from: string, to: string): Promise<boolean> => {
  try {
    await fs.rename(from, to)
    return true
  } catch (error) {
    if (isCode(error, "ENOENT")) return false
    throw error
  }
}

const temporary = /^\.[\da-f-]{36}$/

/** Writes a text into a temporary file of the directory, lets `use` give it its name, and removes what is left of it. */
const written = async (directory: string, text: string, use: (file: string) => Promise<void>): Promise<void> => {
  await fs.mkdir(directory, { recursive: true })
  const file = path.join(directory, `.${randomUUID()}`)
  try {
    const handle = await fs.open(file, "wx")
    try {
      await handle.writeFile(text, "utf8")
      await handle.sync()
    } finally {
      await handle.close()
    }
    await use(file)
  } finally {
    await fs.rm(file, { force: true })
  }
}

/** Writes a file over the one that is there. */
export const replace = (directory: string, name: string, text: string): Promise<void> =>
  written(directory, text, (file) => fs.rename(file, path.join(directory, name)))

/** Writes a new file. One that is there stays. */
export const create = (directory: string, name: string, text: string): Promise<void> =>
  written(directory, text, async (file) => {
    try {
      await fs.link(file, path.join(directory, name))
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error
    }
  })

/** Removes temporary files that a killed process left more than an hour ago. */
export const sweep = async (directory: string, now: number): Promise<void> => {
  for (const name of await namesIn(directory)) {
    if (!temporary.test(name)) continue
    const file = path.join(directory, name)
    const stat = await fs.stat(file).catch(() => undefined)
    if (stat !== undefined && now - stat.mtimeMs > 3_600_000) await fs.rm(file, { force: true })
  }
}
