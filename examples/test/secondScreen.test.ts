// The commands of the README's second screen, as they stand there: a live simulator, a webhook, a watch that is killed and started again.
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

const commands = () => {
  const [, section = ""] = readFileSync(join(root, "README.md"), "utf8").split("## Nobody has to ask\n")
  const [screen = ""] = section.split("\n## ")
  return [...screen.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block)
}

const freePort = Effect.callback<string>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(String(port))))
  })
})

/** Runs a block as a shell of its own does, and ends all that it started. */
const terminal = (block: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn("sh", ["-c", block], { cwd: root, detached: true, stdio: ["ignore", "pipe", "pipe"] })
      const output = { stdout: "", stderr: "" }
      child.stdout.on("data", (chunk) => output.stdout += String(chunk))
      child.stderr.on("data", (chunk) => output.stderr += String(chunk))
      const closed = new Promise<void>((resolve) => child.once("close", () => resolve()))
      const kill = () => {
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
        process.kill(-child.pid, "SIGKILL")
      }
      return { output, kill, closed: Effect.promise(() => closed) }
    }),
    ({ closed, kill }) => Effect.andThen(Effect.sync(kill), closed)
  )

const until = (what: string, isDone: () => boolean) =>
  Effect.sleep("50 millis").pipe(
    Effect.repeat({ until: () => Effect.sync(isDone) }),
    Effect.timeoutOrElse({ duration: "40 seconds", orElse: () => Effect.die(`not seen: ${what}`) })
  )

it.live(
  "the README's second screen shows failures in a webhook, also after a kill, and nothing twice",
  () =>
    Effect.gen(function*() {
      const directory = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-readme-"))),
        (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
      )
      const [simulatorPort, webhookPort] = [yield* freePort, yield* freePort]
      // On free ports, and in a directory of its own.
      const [world = "", watch = ""] = commands().map((block) =>
        block.replaceAll("4010", simulatorPort).replaceAll("4011", webhookPort)
          .replaceAll("runs.state", join(directory, "runs.state"))
      )
      const { output } = yield* terminal(world)
      yield* until("the simulator", () => output.stdout.includes(simulatorPort))
      const printed = () => output.stdout.match(/Run \d+ failed/g) ?? []

      const first = yield* terminal(watch)
      yield* until("a failure", () => printed().length >= 1)
      yield* until("an end", () => / ended: \w+/.test(first.output.stdout))
      first.kill()
      yield* first.closed
      const before = printed().length
      yield* Effect.sleep("3 seconds")
      const second = yield* terminal(watch)
      yield* until("another failure", () => printed().length > before)
      assert.strictEqual(second.output.stderr, "")
      // A kill between a post and its mark may post one again.
      assert.isAtMost(printed().length - new Set(printed()).size, 1)
    }).pipe(Effect.scoped),
  120_000
)
