// Checks what stands between a program and the API in a company's network: certificates, names and proxies. Each is real but
// where the machine cannot have it: those errors have the form in which Node's fetch throws them.
import { RunsClient, RunsError } from "@coalesce-runs/core"
import { layerProxyNotice } from "@coalesce-runs/core/node"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { execFile } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { AddressInfo, Server as NetServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as certificates from "./support/certificates.ts"

const portOf = (server: NetServer): number => (server.address() as AddressInfo).port

const listening = <S extends Server | ReturnType<typeof createTlsServer>>(server: S) =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(portOf(server))))
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )

/** Serves an empty page over TLS, and counts the connections that were tried. */
const tlsServer = Effect.fnUntraced(function*(...chain: ReadonlyArray<string>) {
  const server = createTlsServer(
    { key: certificates.key, cert: chain.join("\n") },
    (_, response) => response.setHeader("content-type", "application/json").end("{\"data\": []}")
  )
  let connections = 0
  server.on("connection", () => connections++)
  const port = yield* listening(server)
  return { url: `https://localhost:${port}`, connections: () => connections }
})

const failing = (baseUrl: string, fetchLayer = FetchHttpClient.layer) =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(RunsClient.listPage())
    assert.instanceOf(error, RunsError.TransportError)
    return error
  }).pipe(
    Effect.provide(
      RunsClient.layer({ accessToken: "a-token-for-tests", baseUrl, retry: Schedule.recurs(2) }).pipe(
        Layer.provide(fetchLayer)
      )
    )
  )

/** A fetch that fails as Node's does: with the error of the network as the cause. */
const throwing = (cause: () => Error) => {
  let attempts = 0
  const layer = FetchHttpClient.layer.pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, () => {
    attempts++
    return Promise.reject(new TypeError("fetch failed", { cause: cause() }))
  })))
  return { layer, attempts: () => attempts }
}

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code })

describe("a lasting obstacle is not retried, and the error names what helps", () => {
  it.live("a certificate whose authority came with it and is not trusted", () =>
    Effect.gen(function*() {
      const { connections, url } = yield* tlsServer(certificates.ofLocalhost, certificates.authority)
      const error = yield* failing(url)
      assert.strictEqual(error.obstacle, "UntrustedCertificate")
      assert.isFalse(error.isRetryable)
      assert.include(error.message, "SELF_SIGNED_CERT_IN_CHAIN")
      assert.include(error.message, "NODE_EXTRA_CA_CERTS")
      assert.include(error.message, "--use-system-ca")
      assert.strictEqual(error.attempts, 1)
      assert.strictEqual(connections(), 1)
    }))

  it.live("a certificate whose authority did not come with it", () =>
    Effect.gen(function*() {
      const { connections, url } = yield* tlsServer(certificates.ofLocalhost)
      const error = yield* failing(url)
      assert.strictEqual(error.obstacle, "UntrustedCertificate")
      assert.include(error.message, "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
      assert.strictEqual(connections(), 1)
    }))

  it.live("a port that speaks no TLS", () =>
    Effect.gen(function*() {
      const port = yield* listening(createServer())
      const error = yield* failing(`https://localhost:${port}`)
      assert.strictEqual(error.obstacle, "NoTLS")
      assert.strictEqual(error.attempts, 1)
    }))

  const causes: ReadonlyArray<readonly [what: string, cause: () => Error, RunsError.TransportError["obstacle"]]> = [
    [
      "an issuer that is not known",
      () => withCode("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate"),
      "UntrustedCertificate"
    ],
    [
      "a self-signed certificate",
      () => withCode("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
      "UntrustedCertificate"
    ],
    [
      "a certificate that begins later",
      () => withCode("CERT_NOT_YET_VALID", "certificate is not yet valid"),
      "InvalidCertificate"
    ],
    [
      "a name that no name server knows",
      () => withCode("ENOTFOUND", "getaddrinfo ENOTFOUND app.example"),
      "UnknownHost"
    ],
    [
      "a proxy that wants a password",
      () =>
        Object.assign(new Error("Request was cancelled."), {
          cause: withCode("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling")
        }),
      "ProxyRefused"
    ]
  ]
  it.live.each(causes)("%s", ([, cause, obstacle]) =>
    Effect.gen(function*() {
      const { attempts, layer } = throwing(cause)
      const error = yield* failing("https://app.example.com", layer)
      assert.strictEqual(error.obstacle, obstacle)
      assert.isFalse(error.isRetryable)
      assert.strictEqual(attempts(), 1)
    }))
})

describe("a passing obstacle is retried", () => {
  it.live.each(
    [
      ["a name server that does not answer", "EAI_AGAIN", "getaddrinfo EAI_AGAIN app.example"],
      ["a connection that is refused", "ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:443"],
      ["a proxy whose next host is down", "UND_ERR_ABORTED", "Proxy response (502) !== 200 when HTTP Tunneling"]
    ] as const
  )("%s", ([, code, message]) =>
    Effect.gen(function*() {
      const { attempts, layer } = throwing(() => withCode(code, message))
      const error = yield* failing("https://app.example.com", layer)
      assert.isUndefined(error.obstacle)
      assert.isTrue(error.isRetryable)
      assert.strictEqual(attempts(), 3)
    }))
})

describe("layerProxyNotice", () => {
  const failed = (init?: object) =>
    Effect.gen(function*() {
      const { layer } = throwing(() => withCode("ENOTFOUND", "getaddrinfo ENOTFOUND app.example.com"))
      return yield* failing("https://app.example.com", layer).pipe(
        Effect.provide(layerProxyNotice({ env: { HTTPS_PROXY: "http://user:s3cret@proxy.example:8080" } })),
        (effect) => init === undefined ? effect : Effect.provideService(effect, FetchHttpClient.RequestInit, init)
      )
    })

  it.live("says of a proxy that is set whether it was used, and never shows its URL", () =>
    Effect.map(failed(), (error) => {
      assert.match(error.message, /HTTPS_PROXY names a proxy, but .*NODE_USE_ENV_PROXY=1/)
      assert.notInclude(JSON.stringify(error), "s3cret")
      assert.notInclude(error.message, "proxy.example")
    }))

  it.live("says nothing where the caller set a dispatcher", () =>
    Effect.map(failed({ dispatcher: {} }), (error) => assert.isUndefined(error.proxy)))
})

const program = `
import { RunsClient } from "@coalesce-runs/core"
import { layerConfigProvider } from "@coalesce-runs/core/node"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Config from "effect/Config"
const layer = RunsClient.layerConfig({ retry: Config.succeed(Schedule.recurs(0)) }).pipe(
  Layer.provide(FetchHttpClient.layer), Layer.provide(layerConfigProvider({ file: "/nowhere/config" }))
)
const said = await Effect.runPromise(RunsClient.listPage().pipe(
  Effect.map(({ runs }) => ({ runs: runs.length })), Effect.catch((error) => Effect.succeed(error)), Effect.provide(layer)
))
console.log(JSON.stringify(said))
`

/** Requests a page in a process of its own, which alone reads these variables. */
const inProcess = (env: Readonly<Record<string, string>>) =>
  Effect.callback<Record<string, unknown>>((resume) => {
    const { PATH = "" } = process.env
    execFile(
      process.execPath,
      ["--input-type=module", "-e", program],
      {
        cwd: fileURLToPath(new URL(".", import.meta.url)),
        env: { PATH, COALESCE_ACCESS_TOKEN: "a-token-for-tests", ...env }
      },
      (error, stdout, stderr) =>
        resume(
          error === null ? Effect.sync(() => JSON.parse(stdout)) : Effect.die(new Error(`${error.message} ${stderr}`))
        )
    )
  })

const canUseProxy = (() => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  return major >= 24 || (major === 22 && minor >= 21)
})()

describe("a process of its own", () => {
  const file = join(mkdtempSync(join(tmpdir(), "certificate-")), "company.pem")
  writeFileSync(file, certificates.authority)

  it.live.each(
    [
      ["reads a page where NODE_EXTRA_CA_CERTS trusts the authority", certificates.ofLocalhost, { runs: 0 }],
      ["refuses a certificate of another host", certificates.ofOtherHost, { obstacle: "CertificateOfOtherHost" }],
      ["refuses an expired certificate", certificates.expired, { obstacle: "InvalidCertificate" }]
    ] as const
  )("%s", ([, certificate, expected]) =>
    Effect.gen(function*() {
      const { url } = yield* tlsServer(certificate)
      assert.deepInclude(yield* inProcess({ COALESCE_BASE_URL: url, NODE_EXTRA_CA_CERTS: file }), expected)
    }), 20_000)

  it.live(
    `is told by a proxy that refuses, or that Node ${process.versions.node} does not use the proxy`,
    () =>
      Effect.gen(function*() {
        const proxy = createServer()
        let asked = 0
        proxy.on("connect", (_, socket) => {
          asked++
          socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        })
        const port = yield* listening(proxy)
        const env = { COALESCE_BASE_URL: "https://nowhere.invalid", HTTPS_PROXY: `http://127.0.0.1:${port}` }
        const error = yield* inProcess({ ...env, NODE_USE_ENV_PROXY: "1" })
        assert.strictEqual(error["obstacle"], canUseProxy ? "ProxyRefused" : "UnknownHost")
        assert.strictEqual(asked, canUseProxy ? 1 : 0)
        assert.include(error["proxy"], canUseProxy ? "went through the proxy of HTTPS_PROXY" : "a dispatcher")

        const direct = yield* inProcess(env)
        assert.strictEqual(direct["obstacle"], "UnknownHost")
        assert.include(direct["proxy"], "HTTPS_PROXY names a proxy, but")
        assert.strictEqual(asked, canUseProxy ? 1 : 0)
      }),
    20_000
  )
})
