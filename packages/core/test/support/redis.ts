/**
 * Servers that speak Redis's protocol over a socket, for the tests that claim one. `js-redis-server`, with Redis's own Lua as
 * WebAssembly, is there on every machine. The same tests run on a real server too where there is one: `redis-server` or
 * `valkey-server` on the PATH, and the server whose URL is in COALESCE_TEST_REDIS_URL, of which they change only keys of their own
 * (and make it forget its scripts).
 */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as Effect from "effect/Effect"
import * as Redis from "effect/persistence/Redis"
import type * as Scope from "effect/Scope"
import { createRedisMock } from "js-redis-server"
import { spawn, spawnSync } from "node:child_process"
import { freePort } from "./freePort.ts"

/** A server that runs until the scope closes. What a test stores has the prefix, since a server that somebody named may be in use. */
interface Server {
  readonly url: string
  readonly prefix: string
}
type Start = Effect.Effect<Server, never, Scope.Scope>

const server = (url: string): Server => ({ url, prefix: `coalesce-runs-test:${crypto.randomUUID()}:` })

const inNode: Start = Effect.acquireRelease(
  Effect.promise(() => createRedisMock()),
  (mock) => Effect.promise(() => mock.close())
).pipe(Effect.map(({ url }) => server(url)))

const binary = (command: string): Start =>
  Effect.gen(function*() {
    const port = yield* freePort
    yield* Effect.acquireRelease(
      Effect.promise(() =>
        new Promise<() => Promise<void>>((resolve, reject) => {
          const child = spawn(command, ["--bind", "127.0.0.1", "--port", `${port}`, "--save", "", "--appendonly", "no"])
          const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
          child.once("error", reject)
          child.once("exit", (code) => reject(new Error(`${command} ended with ${code}`)))
          child.stdout.on("data", (text) => {
            if (String(text).includes("Ready to accept connections")) {
              resolve(() => {
                child.kill()
                return ended
              })
            }
          })
        })
      ),
      (stop) => Effect.promise(stop)
    )
    return server(`redis://127.0.0.1:${port}`)
  })

/** A client of a server. */
export const client = (url: string) => NodeRedis.layer({ url })

const named = (url: string): Start =>
  Effect.acquireRelease(Effect.sync(() => server(url)), ({ prefix }) =>
    Effect.gen(function*() {
      const redis = yield* Redis.Redis
      const keys = yield* redis.send<ReadonlyArray<string>>("KEYS", `${prefix}*`)
      if (keys.length > 0) yield* redis.send("DEL", ...keys)
    }).pipe(Effect.provide(client(url)), Effect.orDie))

const onPath = (command: string): ReadonlyArray<readonly [name: string, start: Start]> => {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" })
  return status === 0 ? [[`${command} ${/v=(\S+)/.exec(stdout)?.[1]}`, binary(command)]] : []
}

const url = process.env.COALESCE_TEST_REDIS_URL

/** How the title of a test names a server, and how it is started. */
export const servers: ReadonlyArray<readonly [name: string, start: Start]> = [
  ["js-redis-server", inNode],
  ...onPath("redis-server"),
  ...onPath("valkey-server"),
  ...(url === undefined ? [] : [["COALESCE_TEST_REDIS_URL", named(url)] as const])
]
