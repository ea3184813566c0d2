// Packs the packages again from a second copy of the sources, at another path, installed and built there: whoever builds a
// release gets the same bytes. packed.mjs compares them with its own tarballs.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { packages, packAll, root, run } from "./pack.mjs"

const hashOf = (path) => createHash("sha256").update(readFileSync(path)).digest("hex")

/** Copies what git tracks or would track. */
const copySources = (copy) => {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root })
  for (const file of String(files).split("\0").filter((file) => file !== "" && existsSync(join(root, file)))) {
    cpSync(join(root, file), join(copy, file))
  }
}

/** Packs every public package in a second copy, in a folder of `project`, and returns the path of the copy. */
export const packCopy = async (project) => {
  const copy = join(project, "another path/coalesce-runs")
  mkdirSync(copy, { recursive: true })
  copySources(copy)
  await run("install and build a second copy", "npm run -s build", copy)
  await packAll(copy, copy)
  return copy
}

/** Throws if a package that is packed in a second copy has other bytes than its tarball in `project`. */
export const proveReproducible = async (project, copy) => {
  for (const { name, tarball } of packages) {
    if (hashOf(join(project, tarball)) === hashOf(join(copy, tarball))) continue
    for (const [from, folder] of [[project, "first"], [copy, "second"]]) {
      mkdirSync(join(copy, folder), { recursive: true })
      execFileSync("tar", ["xzf", join(from, tarball), "-C", join(copy, folder)])
    }
    await run(`compare ${name} with the same of a second copy`, "diff -r first second", copy)
    throw new Error(`${name} holds the same files, in another order or with other times or modes`)
  }
  console.log(`   ${packages.length} packages are the same to the byte`)
}
