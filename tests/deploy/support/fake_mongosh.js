// Runs deploy/mongodb/init.js against a MongoDB that is only an object, kept in a file from run to run.
// It knows what init.js uses, demands authentication where MongoDB does, and can break off before the n-th change.
//   node fake_mongosh.js STATE_FILE [CHANGES]
"use strict";

const fs = require("fs");
const path = require("path");

const [stateFile, changes = "1000000"] = process.argv.slice(2);
const folder = path.join(__dirname, "../../../deploy/mongodb");
const state = fs.existsSync(stateFile)
  ? JSON.parse(fs.readFileSync(stateFile, "utf8"))
  : { setName: null, users: {}, data: {} };
let left = Number(changes);
let known = false;

function refuse(codeName) {
  throw Object.assign(new Error(codeName), { codeName });
}

// Without a user in the database the first one may be made from the same host (the localhost exception).
function demandRights(first = false) {
  if (!known && !(first && Object.keys(state.users).length === 0)) refuse("Unauthorized");
}

function change(what) {
  if (left-- <= 0) throw new Error("broken off");
  if (!state.setName) refuse("NotWritablePrimary");
  what();
  fs.writeFileSync(stateFile, JSON.stringify(state));
}

function collection(name) {
  const documents = () => (state.data[name] ??= []);
  const same = (a, b) => JSON.stringify(a._id) === JSON.stringify(b._id);
  return {
    findOne(filter) {
      demandRights();
      return documents().find((one) => !filter || same(one, filter)) ?? null;
    },
    replaceOne(filter, document, { upsert, writeConcern }) {
      demandRights();
      if (!upsert || writeConcern.w !== "majority" || !writeConcern.j) refuse("WeakWrite");
      change(() => {
        const at = documents().findIndex((one) => same(one, filter));
        documents().splice(at < 0 ? documents().length : at, at < 0 ? 0 : 1, document);
      });
    },
    deleteOne(filter) {
      demandRights();
      change(() => (state.data[name] = documents().filter((one) => !same(one, filter))));
    },
  };
}

const admin = {
  auth(user, password) {
    if (state.users[user]?.pwd !== password) refuse("AuthenticationFailed");
    known = true;
  },
  hello: () => ({ setName: state.setName ?? undefined, isWritablePrimary: state.setName !== null }),
  runCommand(command) {
    demandRights(true);
    if (state.setName) refuse("AlreadyInitialized");
    state.setName = command.replSetInitiate._id;
    change(() => {});
  },
  createUser({ user, ...rest }) {
    demandRights(true);
    if (state.users[user]) refuse("DuplicateKey");
    change(() => (state.users[user] = rest));
  },
  getUser(user) {
    demandRights();
    return state.users[user] ?? null;
  },
  updateUser(user, fields) {
    demandRights();
    change(() => Object.assign(state.users[user], fields));
  },
};

class Mongo {
  getDB(name) {
    if (name === "admin") return admin;
    return new Proxy({ getCollection: collection }, { get: (known, key) => known[key] ?? collection(key) });
  }
}

const modules = { fs: { readFileSync: (file) => fs.readFileSync(path.join(folder, path.basename(file)), "utf8") } };
const script = fs.readFileSync(path.join(folder, "init.js"), "utf8");
const run = new Function("require", "Mongo", "EJSON", "print", "sleep", script);
try {
  run((name) => modules[name], Mongo, { parse: JSON.parse }, console.log, () => refuse("NoPrimary"));
} catch (problem) {
  console.error(problem.message);
  process.exit(1);
}
