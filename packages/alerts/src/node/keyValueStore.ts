/** Keeps keys and values in the files of a directory, one file a key. */
import * as Effect from "effect/Effect"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as Schema from "effect/Schema"
import * as fs from "node:fs/promises"
import * as path from "node:path"
import { nameOf, namesIn, readText, replace } from "./files.ts"

/** A file says its key, so that keys can be listed. */
const Entry = Schema.fromJsonString(Schema.Struct({ key: Schema.String, value: Schema.String }))
const decode = Schema.decodeUnknownSync(Entry)
const encode = Schema.encodeSync(Entry)

export const make = (directory: string): KeyValueStore.KeyValueStore => {
  const attempt = <A>(method: string, key: string | undefined, run: () => Promise<A>) =>
    Effect.tryPromise({
      try: run,
      catch: (cause) =>
        new KeyValueStore.KeyValueStoreError({
          method,
          message: `The store in ${directory} could not be used`,
          cause,
          ...(key === undefined ? {} : { key })
        })
    })
  const fileOf = (key: string) => `${nameOf(key)}.json`
  const files = async () => (await namesIn(directory)).filter((name) => name.endsWith(".json"))
  const read = async (name: string) => {
    const file = path.join(directory, name)
    const text = await readText(file)
    try {
      return text === undefined ? undefined : decode(text)
    } catch (cause) {
      throw new Error(`${file} is damaged. Remove it to go on without what it held`, { cause })
    }
  }
  return KeyValueStore.makeStringOnly({
    get: (key) => attempt("get", key, async () => (await read(fileOf(key)))?.value),
    set: (key, value) => attempt("set", key, () => replace(directory, fileOf(key), encode({ key, value }))),
    remove: (key) => attempt("remove", key, () => fs.rm(path.join(directory, fileOf(key)), { force: true })),
    clear: attempt("clear", undefined, async () => {
      for (const file of await files()) await fs.rm(path.join(directory, file), { force: true })
    }),
    size: attempt("size", undefined, async () => (await files()).length),
    keys: attempt("keys", undefined, async () => {
      const keys: Array<string> = []
      // One after another: a process may not have as many files open.
      for (const file of await files()) {
        const entry = await read(file)
        if (entry !== undefined) keys.push(entry.key)
      }
      return keys
    })
  })
}
