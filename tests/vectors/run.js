// node run.js FUNCTIONS.JS: every case of every *.json here through the JavaScript functions.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const functions = require(path.resolve(process.argv[2]));

/** Dates come back as serial numbers; what JavaScript cannot know is taken out of what Python said. */
function comparable(name, expected, column) {
  if (expected && typeof expected === "object" && "date" in expected) {
    const [year, month, dayOfMonth] = expected.date.split("-").map(Number);
    return Math.round((Date.UTC(year, month - 1, dayOfMonth) - Date.UTC(1899, 11, 30)) / 86400000);
  }
  if (typeof expected === "string" && expected.endsWith("（id.region）")) return "";
  return name === "LS_IDINFO" && column === 3 ? "" : expected;
}

const wrong = [];
let compared = 0;
for (const file of fs.readdirSync(__dirname).filter((name) => name.endsWith(".json"))) {
  const { function: name, today, cases } = JSON.parse(fs.readFileSync(path.join(__dirname, file)));
  functions.clock.today = functions.day(...today.split("-").map(Number));
  for (const { arguments: given, reply } of cases) {
    const answer = functions[name](...given);
    const expected = Array.isArray(reply) ? reply : [[reply]];
    const found = Array.isArray(answer) ? answer : [[answer]];
    expected.forEach((row, i) =>
      row.forEach((cell, j) => {
        compared += 1;
        if (comparable(name, cell, j) !== found[i][j]) {
          wrong.push({ name, cell: given[0][i] ?? given[0], python: cell, js: found[i][j] });
        }
      })
    );
  }
}
console.log(JSON.stringify({ compared, wrong: wrong.slice(0, 20), faults: wrong.length }));
process.exit(wrong.length ? 1 : 0);
