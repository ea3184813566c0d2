// Runs the program's bundle in a Chromium, on a page with a strict content policy.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"

/** The Chromium of this machine, if there is one. */
export const chromium = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
].find((path) => path !== undefined && existsSync(path))

const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"

// Chromium must not ask the network for anything of its own.
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic"
]

const html =
  "<!doctype html><title>core</title><script src=refusal.js></script><script type=module src=page.js></script>"
// Shows that the browser keeps the policy.
const refusal = "try { eval('1') } catch { globalThis.refusesEval = true }"

/** Serves the page, its script and, under the same origin, the API. Resolves `posted` with what the page posts. */
const serve = async (bundle, input) => {
  let post
  const posted = new Promise((resolve) => (post = resolve))
  const answer = async (request, response) => {
    const send = (status, type, body) => response.writeHead(status, { "content-type": type }).end(body)
    if (request.url === "/result") {
      post(JSON.parse(await text(request)))
      send(200, "text/plain", "")
    } else if (request.url === "/input") send(200, "application/json", JSON.stringify(input))
    else if (request.url === "/refusal.js") send(200, "text/javascript", refusal)
    else if (request.url === "/page.js") send(200, "text/javascript", readFileSync(bundle))
    else if (request.url.startsWith("/api/") || request.url.startsWith("/scheduler/")) {
      const { accept, authorization } = request.headers
      const page = await fetch(input.url + request.url, { headers: { accept, authorization } })
      send(page.status, page.headers.get("content-type"), await page.text())
    } else {
      response.setHeader("content-security-policy", policy)
      send(200, "text/html", html)
    }
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return { server, posted, origin: `http://127.0.0.1:${server.address().port}` }
}

/** Returns the program's result in Chromium. Throws if the page did anything that its policy forbids. */
export const runInBrowser = async (bundle, input) => {
  const { origin, posted, server } = await serve(bundle, input)
  const profile = mkdtempSync(join(tmpdir(), "coalesce-runs-browser-"))
  // A process group, since its processes end together.
  const args = [...flags, `--user-data-dir=${profile}`, origin]
  const browser = spawn(chromium, args, { stdio: "ignore", detached: true })
  try {
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error("The page posted nothing within 30 s")), 30_000).unref()
    )
    const { error, refusesEval, result, violations } = await Promise.race([posted, late])
    if (error !== undefined) throw new Error(error)
    if (!refusesEval) throw new Error("The page's policy allows eval")
    if (violations.length > 0) throw new Error(`The bundle broke the page's policy: ${violations}`)
    return JSON.parse(JSON.stringify(result).replaceAll(origin, input.url))
  } finally {
    const closed = once(browser, "close")
    process.kill(-browser.pid, "SIGKILL")
    await closed
    server.closeAllConnections()
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 })
  }
}
