// A webhook on this machine that takes messages as Slack does, and prints their first line.
//
//   node examples/dist/webhook.js 4011
import { createServer } from "node:http"

createServer((request, response) => {
  let body = ""
  request.on("data", (chunk) => body += String(chunk)).on("end", () => {
    const { text }: { readonly text: string } = JSON.parse(body)
    console.log(text)
    response.end("ok")
  })
}).listen(Number(process.argv[2] ?? 4011), "127.0.0.1")
