// Asks the npm package "fhir" what it thinks of every JSON file in a folder, and prints one line of JSON: for each file
// the messages of weight error or fatal. Usage: node validate.js FOLDER (node_modules is looked for in the working
// directory).
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');
const { Fhir } = createRequire(path.join(process.cwd(), 'package.json'))('fhir');

const folder = process.argv[2];
const judge = new Fhir();
const said = {};
for (const name of fs.readdirSync(folder).sort()) {
  const found = judge.validate(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')), { errorOnUnexpected: true });
  said[name] = found.messages
    .filter((m) => m.severity === 'error' || m.severity === 'fatal')
    .map((m) => m.location + ': ' + m.message);
}
process.stdout.write(JSON.stringify(said) + '\n');
