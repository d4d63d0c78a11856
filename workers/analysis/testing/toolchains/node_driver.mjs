// Runs one test file written for node:test and says what became of each test. It stands alone (Node alone): it is the
// program that loads the file and the reporter that hears of its tests, in one module, inside the jail. A test shares
// this process: whatever it does ends with the jail, and without the last line, which names a word that only the request
// knows, a run counts as none.
import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const SAID_MAX_CHARS = 1500;
const TESTS_MAX = 500;
const NAME_MAX_CHARS = 200;
// kept before anything of the repository is loaded
const { exit, chdir } = process;
const later = setImmediate;
const request = JSON.parse(readFileSync(0, "utf8"));
const outcomes = new Map();
const said = [];
const names = [];
let missing = "";
let loaded = false;
let waiting = 0; // tests and suites of the file itself that have not ended

function answer() {
  const text = said.join("\n").slice(0, SAID_MAX_CHARS);
  const found = { outcomes: Object.fromEntries(outcomes), said: text, missing, code: 0 };
  const line = Buffer.from(`\n${request.word}${JSON.stringify(found)}\n`);
  for (let at = 0; at < line.length; ) {
    try {
      at += writeSync(1, line, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error; // the pipe is full for a moment
    }
  }
  exit.call(process, 0); // a timer that nobody stops would keep it
}

function told(error) {
  try {
    const cause = error?.cause ?? error;
    const lines = String(cause?.stack ?? cause).split("\n", 100);
    return lines.filter((line) => !line.includes("(node:internal/") && !line.includes("at node:internal/")).join("\n");
  } catch {
    return "it threw what can't be told";
  }
}

function note(name, outcome, error) {
  let own = name.slice(0, NAME_MAX_CHARS);
  for (let nth = 2; outcomes.has(own); nth += 1) own = `${name.slice(0, NAME_MAX_CHARS)} (${nth})`;
  if (outcomes.size < TESTS_MAX || outcome !== "passed") outcomes.set(own, outcome);
  if (error !== undefined) said.push(`${own}: ${told(error)}`);
  if (error !== undefined && request.first_failure_only) answer();
}

function ended(data, failed) {
  const path = [...names.slice(0, data.nesting), data.name].join(" > ");
  const error = data.details?.error;
  if (data.skip !== undefined || data.todo !== undefined) note(path, "skipped");
  else if (failed && error?.failureType !== "subtestsFailed") note(path, "failed", error ?? "it failed");
  else if (!failed && data.details?.type !== "suite") note(path, "passed");
}

function finishOnceIdle() {
  if (loaded && waiting === 0 && outcomes.size) later(() => waiting === 0 && answer());
}

function hear({ type, data }) {
  if (type === "test:enqueue" && data.nesting === 0) waiting += 1;
  if (type === "test:start") names.splice(data.nesting, Infinity, data.name);
  if (type === "test:plan" && data.nesting === 0) answer(); // nothing is left that could be waited for
  if (type !== "test:pass" && type !== "test:fail") return;
  ended(data, type === "test:fail");
  if (data.nesting > 0) return;
  waiting -= 1;
  finishOnceIdle();
}

// What Node calls as its reporter; nothing is printed by it.
export default async function* reporter(events) {
  for await (const event of events) hear(event);
  yield "";
}

function refuse(error) {
  const text = String(error?.message ?? error);
  if (error?.code === "ERR_MODULE_NOT_FOUND" || error?.code === "MODULE_NOT_FOUND") {
    const name = /Cannot find (?:package|module) '([^'\n]{1,200})'/.exec(text)?.[1] ?? "";
    missing = /^[./]/.test(name) ? "" : name;
  }
  outcomes.clear();
  note(request.test, "error", error);
  answer();
}

chdir.call(process, request.root);
// not awaited: Node loads this module a second time, as its reporter, before it starts the first test
import(pathToFileURL(request.test)).then(() => {
  loaded = true;
  finishOnceIdle();
}, refuse);
