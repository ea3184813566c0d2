/** What an error of the network says of the proxy that the environment names. */
import { assert, describe, it } from "@effect/vitest"
import { proxyNotice } from "../src/node/proxyNotice.ts"

const url = new URL("https://app.coalescesoftware.io/api/v1/runs")
const proxy = "http://user:s3cret@proxy.example:8080"

const says = (
  env: Readonly<Record<string, string>>,
  version: string | undefined = "24.21.0",
  execArgv: ReadonlyArray<string> = []
) => proxyNotice({ env, version, execArgv })(url)

describe("proxyNotice", () => {
  const used = "The request went through the proxy of HTTPS_PROXY."
  const notUsed = "HTTPS_PROXY names a proxy, but Node does not use it: set NODE_USE_ENV_PROXY=1."

  const cases: ReadonlyArray<readonly [when: string, said: string | undefined, expected: string | undefined]> = [
    ["no variable is set", says({}), undefined],
    ["the variable is blank", says({ HTTPS_PROXY: " " }), undefined],
    ["it is the proxy of http: alone", says({ HTTP_PROXY: proxy }), undefined],
    ["Node 24 is not told to use it", says({ HTTPS_PROXY: proxy }), notUsed],
    ["Node 22.21 is not told to use it", says({ HTTPS_PROXY: proxy }, "22.21.0"), notUsed],
    ["Node 24 is told to use it", says({ HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: "1" }), used],
    ["an option of Node tells it to", says({ HTTPS_PROXY: proxy }, "24.21.0", ["--use-env-proxy"]), used],
    ["NODE_OPTIONS tells it to", says({ HTTPS_PROXY: proxy, NODE_OPTIONS: "-r x --use-env-proxy" }), used],
    [
      "the runtime always uses it",
      proxyNotice({ env: { HTTPS_PROXY: proxy }, version: undefined, execArgv: [] })(url),
      used
    ],
    [
      "the variable is one that Node does not know",
      says({ ALL_PROXY: proxy, NODE_USE_ENV_PROXY: "1" }),
      "ALL_PROXY names a proxy, but Node does not use it: set HTTPS_PROXY instead."
    ],
    ["NO_PROXY has the host", says({ HTTPS_PROXY: proxy, NO_PROXY: "x, app.coalescesoftware.io" }), undefined],
    ["NO_PROXY has its domain", says({ HTTPS_PROXY: proxy, no_proxy: ".coalescesoftware.io" }), undefined],
    ["NO_PROXY has a part of its name only", says({ HTTPS_PROXY: proxy, NO_PROXY: "software.io" }), notUsed],
    ["NO_PROXY is empty", says({ HTTPS_PROXY: proxy, NO_PROXY: "" }), notUsed]
  ]
  it.each(cases)("says so where %s", (_, said, expected) => assert.strictEqual(said, expected))

  it.each(["20.19.0", "22.20.0"])("names Node 24 and a dispatcher on Node %s, which has no such setting", (version) => {
    const said = says({ HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: "1" }, version) ?? ""
    assert.include(said, `fetch of Node ${version} does not use it`)
    assert.include(said, "NODE_USE_ENV_PROXY=1")
    assert.include(said, "dispatcher")
    assert.notInclude(said, "s3cret")
  })
})
