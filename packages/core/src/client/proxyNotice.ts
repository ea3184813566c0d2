import * as Context from "effect/Context"

/**
 * Says of a host what an error should add about a proxy, such as that a variable names one which is not used. Core knows no
 * environment: `node.ts` provides it. Default: nothing.
 */
export const ProxyNotice = /* @__PURE__ */ Context.Reference<(url: URL) => string | undefined>(
  "@coalesce-runs/core/ProxyNotice",
  { defaultValue: () => () => undefined }
)
