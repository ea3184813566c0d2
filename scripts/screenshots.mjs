// Takes pictures of the timeline and of a terminal, to be looked at: light, dark, narrow, in print. Not a test: it needs a browser.
//
// After a build, with a Chromium or Chrome:
//   CHROMIUM=/usr/bin/chromium node scripts/screenshots.mjs [folder]
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { check, night } from "./pictures.mjs"

const browser = process.env.CHROMIUM
if (browser === undefined) {
  console.error(
    "Set CHROMIUM to the path of a Chromium or Chrome: CHROMIUM=/usr/bin/chromium node scripts/screenshots.mjs"
  )
  process.exit(2)
}

const folder = resolve(process.argv[2] ?? mkdtempSync(join(tmpdir(), "screenshots-")))
mkdirSync(folder, { recursive: true })

const { html, svg } = await night()
const files = { "night.html": html, "night.svg": svg, "check.svg": await check() }
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)

// As root, as in a container, Chromium starts without its sandbox alone: it shows only the files above.
const common = ["--headless", "--disable-gpu", "--hide-scrollbars", "--no-sandbox", "--force-device-scale-factor=1"]
const open = (name, ...flags) =>
  execFileSync(browser, [...common, ...flags, pathToFileURL(join(folder, name)).href], { stdio: "ignore" })

const sizes = [["night.html", "1240,1560"], ["night.html", "420,1700", "-narrow"], ["night.svg", "1180,410"], [
  "check.svg",
  "860,760"
]]
for (const [name, size, suffix = ""] of sizes) {
  for (const [scheme, flag] of [["light", 1], ["dark", 0]]) {
    const picture = `${name.replace(".", "-")}${suffix}-${scheme}.png`
    open(
      name,
      `--blink-settings=preferredColorScheme=${flag}`,
      `--window-size=${size}`,
      `--default-background-color=${scheme === "dark" ? "0d1117ff" : "ffffffff"}`,
      `--screenshot=${join(folder, picture)}`
    )
  }
}
open("night.html", "--no-pdf-header-footer", `--print-to-pdf=${join(folder, "night.pdf")}`)
console.log(`Look at the pictures in ${folder}`)
