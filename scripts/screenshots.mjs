// Takes pictures of the demo, of a terminal and of the timeline: light, dark, narrow, in print. Not a test: it needs a browser.
//
// After a build, with a Chromium or Chrome:
//   CHROMIUM=/usr/bin/chromium node scripts/screenshots.mjs [folder]    all of them, to be looked at
//   CHROMIUM=/usr/bin/chromium node scripts/screenshots.mjs --readme    those of the README, in docs/images
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { check, night, terminalSvg } from "./pictures.mjs"

const browser = process.env.CHROMIUM
if (browser === undefined) {
  console.error(
    "Set CHROMIUM to the path of a Chromium or Chrome: CHROMIUM=/usr/bin/chromium node scripts/screenshots.mjs"
  )
  process.exit(2)
}

const root = fileURLToPath(new URL("..", import.meta.url))
const isForReadme = process.argv[2] === "--readme"
const temporary = () => mkdtempSync(join(tmpdir(), "screenshots-"))
const pages = isForReadme ? temporary() : resolve(process.argv[2] ?? temporary())
const folder = isForReadme ? join(root, "docs", "images") : pages
mkdirSync(folder, { recursive: true })

/** What `npm run demo` prints, to where the answer of the first tool lists its nodes. */
const demo = () => {
  const printed = execFileSync(process.execPath, [join(root, "examples/dist/demo.js")], {
    encoding: "utf8",
    env: { ...process.env, FORCE_COLOR: "1" }
  })
  const [shown] = printed.split("  Failed nodes, by cause")
  return terminalSvg(`\u001b[2m$\u001b[0m npm run demo\n${shown}  …`, "npm run demo, in a terminal")
}

const { html, svg } = await night()
const files = { "night.html": html, "night.svg": svg, "check.svg": await check(), "demo.svg": demo() }
for (const [name, text] of Object.entries(files)) writeFileSync(join(pages, name), text)

const heightOf = (name) => Number(/ viewBox="0 0 \d+ (\d+)/.exec(files[name])?.[1])

// As root, as in a container, Chromium starts without its sandbox alone: it shows only the files above.
const common = ["--headless", "--disable-gpu", "--hide-scrollbars", "--no-sandbox", "--force-device-scale-factor=1"]
const open = (name, ...flags) =>
  execFileSync(browser, [...common, ...flags, pathToFileURL(join(pages, name)).href], { stdio: "ignore" })

/** Takes a picture in both color schemes. */
const take = (name, size, picture) => {
  for (const [scheme, flag] of [["light", 1], ["dark", 0]]) {
    open(
      name,
      `--blink-settings=preferredColorScheme=${flag}`,
      `--window-size=${size}`,
      `--default-background-color=${scheme === "dark" ? "0d1117ff" : "ffffffff"}`,
      `--screenshot=${join(folder, `${picture}-${scheme}.png`)}`
    )
  }
}

if (isForReadme) {
  take("demo.svg", `860,${heightOf("demo.svg")}`, "demo")
  take("check.svg", `860,${heightOf("check.svg")}`, "terminal")
  take("night.html", "1240,900", "timeline")
} else {
  take("night.html", "1240,1560", "night-html")
  take("night.html", "420,1700", "night-html-narrow")
  take("night.svg", "1180,410", "night-svg")
  take("check.svg", `860,${heightOf("check.svg")}`, "check-svg")
  take("demo.svg", `860,${heightOf("demo.svg")}`, "demo-svg")
  open("night.html", "--no-pdf-header-footer", `--print-to-pdf=${join(folder, "night.pdf")}`)
}
console.log(`Look at the pictures in ${folder}`)
