// Render a template with an engine of Node: a line of JSON on stdin asks for it, a line on stdout says how long it took.
"use strict";

const fs = require("fs");
const readline = require("readline");

const [engine, path] = process.argv.slice(2);
const template = fs.readFileSync(path);

const engines = {
  docxtemplater() {
    const PizZip = require("pizzip");
    const Docxtemplater = require("docxtemplater");
    const parser = (tag) => ({ get: (scope) => tag.trim().split(".").reduce((value, key) => value[key], scope) });
    const options = { delimiters: { start: "{{", end: "}}" }, parser };
    return async (data) => {
      const document = new Docxtemplater(new PizZip(template), options);
      document.render(data);
      return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },

  carbone() {
    const carbone = require("carbone");
    return (data) =>
      new Promise((done, failed) => carbone.render(path, data, (error, made) => (error ? failed(error) : done(made))));
  },

  "docx-templates"() {
    const { createReport } = require("docx-templates");
    const options = { template, cmdDelimiter: ["{{", "}}"], noSandbox: true };
    return async (data) => Buffer.from(await createReport({ ...options, data }));
  },
};

async function main() {
  const render = engines[engine]();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { seconds, data, out } = JSON.parse(line);
    let count = 0;
    let made;
    const start = process.cpuUsage();
    let spent = 0;
    while (spent < seconds || !count) {
      made = await render({ ...data, first: String(count) });
      count += 1;
      const { user, system } = process.cpuUsage(start);
      spent = (user + system) / 1e6;
    }
    if (out) fs.writeFileSync(out, made);
    process.stdout.write(JSON.stringify({ seconds: spent / count }) + "\n");
  }
}

main();
