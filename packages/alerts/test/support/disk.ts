// A disk that does what no test can make a real one do at the right moment.
import * as Effect from "effect/Effect"
import fs from "node:fs/promises"
import { syncBuiltinESMExports } from "node:module"

/** Replaces functions of `node:fs/promises` while an effect runs. */
export const withDisk =
  (faults: Partial<typeof fs>) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const real = { ...fs }
        Object.assign(fs, faults)
        syncBuiltinESMExports()
        return real
      }),
      () => effect,
      (real) =>
        Effect.sync(() => {
          Object.assign(fs, real)
          syncBuiltinESMExports()
        })
    )

/** An error of the file system, such as `ENOSPC`. */
export const errorOf = (code: string): Error => Object.assign(new Error(`${code}: a fault of this test`), { code })

const { open, readdir, rename, rm, stat } = fs

/** Another process removes each file right after its directory was read. */
export const emptied: Partial<typeof fs> = {
  readdir: new Proxy(readdir, {
    apply: async (target, self, args: [string]) => {
      const names = await Reflect.apply(target, self, args)
      for (const name of names) await rm(`${args[0]}/${String(name)}`).catch(() => "a directory stays")
      return names
    }
  })
}

/** A directory lists its names in another order. */
export const unordered: Partial<typeof fs> = {
  readdir: new Proxy(readdir, {
    apply: async (target, self, args) => (await Reflect.apply(target, self, args)).toReversed()
  })
}

/** Another process removes each file right after its age was read. */
export const read: Partial<typeof fs> = {
  stat: new Proxy(stat, {
    apply: async (target, self, args: [string]) => {
      const found = await Reflect.apply(target, self, args)
      await rm(args[0])
      return found
    }
  })
}

/** Another process removes each file right after it was renamed. */
export const taken: Partial<typeof fs> = {
  rename: async (from, to) => {
    await rename(from, to)
    await rm(to)
  }
}

/** Nothing can be written any more. It counts the files that were opened and are not closed. */
export const full = () => {
  let isOpen = 0
  const faults: Partial<typeof fs> = {
    open: async (...args) => {
      const handle = await open(...args)
      isOpen++
      const close = handle.close.bind(handle)
      return Object.assign(handle, {
        writeFile: () => Promise.reject(errorOf("ENOSPC")),
        close: () => {
          isOpen--
          return close()
        }
      })
    }
  }
  return { faults, isOpen: () => isOpen }
}
