import { describe, expect, it } from "vitest"
import { isPlaceholder, isUnset } from "../../src/Connection.ts"

describe("a text that stands for nothing", () => {
  it.each([
    "${COALESCE_ACCESS_TOKEN}",
    "${input:x}",
    "${user_config.base_url}",
    "${env:TOKEN:-}",
    "${{ secrets.TOKEN }}",
    "{env:TOKEN}",
    "{{token}}",
    "$(TOKEN)",
    "$COALESCE_ACCESS_TOKEN",
    "%X%",
    "%COALESCE_TIME_ZONE%",
    "<your token>",
    " ${x} "
  ])("is %j, a placeholder", (text) => {
    expect({ placeholder: isPlaceholder(text), unset: isUnset(text) }).toEqual({ placeholder: true, unset: true })
  })

  it.each(["", "  ", "null", "NULL", "undefined", "None", "nil"])("is %j, which is no placeholder", (text) => {
    expect({ placeholder: isPlaceholder(text), unset: isUnset(text) }).toEqual({ placeholder: false, unset: true })
  })

  it.each([
    "a-token",
    "$2y$10$abcdefghij",
    "eyJhbGciOi.x.y",
    "100%",
    "50%-75%",
    "a{b}",
    "https://app.coalescesoftware.io",
    "none",
    "Nightly ${x}",
    "$1",
    "0"
  ])("is not %j", (text) => {
    expect({ placeholder: isPlaceholder(text), unset: isUnset(text) }).toEqual({ placeholder: false, unset: false })
  })
})
