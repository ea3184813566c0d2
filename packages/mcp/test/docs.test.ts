import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { command } from "../src/cli.ts"
import { tools } from "../src/tools/all.ts"

const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), "utf8")

const blocks = (text: string, language: string): ReadonlyArray<string> =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, "gm"))].map(([, block = ""]) => block)

describe("the page of clients", () => {
  const text = page("mcp-clients")

  it("has opencode, Copilot CLI, Qwen Code, and HTTP for Codex and Gemini", () => {
    for (const name of ["## opencode", "## Copilot CLI", "Qwen Code", "bearer_token_env_var", "\"httpUrl\""]) {
      expect(text).toContain(name)
    }
  })

  it("starts the server, or names its address, in every block of JSON", () => {
    const configurations = blocks(text, "json").map((block) => JSON.stringify(JSON.parse(block)))
    expect(configurations.length).toBeGreaterThan(7)
    for (const one of configurations) {
      expect(one).toMatch(
        /"npx",("args":\[)?"-y","@coalesce-runs\/mcp"\]|"(httpUrl|url)":"http:\/\/127\.0\.0\.1:3000\/mcp"/
      )
    }
  })
})

describe("tools and prompts", () => {
  it("stand in the README of the package: each tool has its row", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| \w/gm)].map(([, name]) => name)
    expect(rows).toEqual(tools.map(({ definition }) => definition.name))
  })

  it("name no platform, since the same texts stand for a project on any", () => {
    const texts = tools.map(({ definition, outputSchema }) => JSON.stringify([definition, outputSchema()]))
    const prompts = ["whatNeedsAttention", "whyDidItFail"].map((name) =>
      readFileSync(new URL(`../src/prompts/${name}.ts`, import.meta.url), "utf8")
    )
    for (const text of [...texts, ...prompts]) expect(text).not.toMatch(/\bSnowflake\b|Databricks|BigQuery|Fabric/)
  })
})

describe("the page of deployment", () => {
  const text = page("deployment")

  it("has nginx, systemd, Kubernetes, and a Dockerfile of at most ten lines", () => {
    for (const title of ["## nginx", "## systemd", "## Kubernetes", "## Docker"]) expect(text).toContain(title)
    const [dockerfile = ""] = blocks(text, "dockerfile")
    expect(dockerfile.split("\n").length).toBeLessThanOrEqual(10)
  })

  it("starts the server with flags that there are", () => {
    const lines = [...text.matchAll(/(?:coalesce-runs-mcp|@coalesce-runs\/mcp) (--http.*)$/gm)].map(([, line = ""]) =>
      line
    )
    expect(lines.length).toBeGreaterThanOrEqual(2)
    for (const line of lines) expect(command(line.split(" "))).toMatchObject({ _tag: "Serve" })
  })

  it("shows the line of a call as it is logged, for tools that there are", () => {
    const logged = [...text.matchAll(/^coalesce-runs-mcp: (\w+), \d+\.\d\d s, \d+ requests?, \w+$/gm)].map(([, name]) =>
      name
    )
    const names = tools.map(({ definition }) => definition.name)
    expect(names).toEqual(expect.arrayContaining(logged))
    expect(logged).toHaveLength(3)
  })
})
