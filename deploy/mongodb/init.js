// Makes of a fresh mongod what Parley needs: the replica set, the administrator, Parley's user, the sample conversations.
// Every step looks first whether it has been done, so that it may run at each start and go on where it was cut off.
// For mongosh on MongoDB's own host: the first user can be made only from there.
"use strict";

const fs = require("fs");
const {
  MONGODB_ROOT_PASSWORD: rootPassword,
  MONGODB_PARLEY_PASSWORD: parleyPassword,
  MONGODB_SAMPLE_DATA: sampleData,
} = process.env;
const database = "parley";
const patience = 60_000; // milliseconds

const connection = new Mongo("mongodb://127.0.0.1:27017/?directConnection=true");
const admin = connection.getDB("admin");

function authenticate() {
  try {
    admin.auth("root", rootPassword);
    return true;
  } catch (problem) {
    if (problem.codeName !== "AuthenticationFailed") throw problem;
    return false;
  }
}

function initiate() {
  if (admin.hello().setName) return;
  admin.runCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] } });
  print("replica set rs0: made");
}

function waitForPrimary() {
  const deadline = Date.now() + patience;
  while (!admin.hello().isWritablePrimary) {
    if (Date.now() > deadline) throw new Error("the replica set has no primary; see the log of mongodb");
    sleep(100);
  }
}

function makeAdministrator() {
  try {
    admin.createUser({ user: "root", pwd: rootPassword, roles: ["root"] });
  } catch (problem) {
    throw new Error(
      `user root could not be made (${problem.message}): a volume of an earlier installation has another password than ` +
        "deploy/.env; put the old one there, or remove the volume and with it all conversations",
    );
  }
  print("user root: made");
  if (!authenticate()) throw new Error("user root was made and can not log in");
}

// It may read and write one database, and nothing else.
function makeUser() {
  const user = { pwd: parleyPassword, roles: [{ role: "readWrite", db: database }] };
  if (admin.getUser("parley")) {
    admin.updateUser("parley", user);
  } else {
    admin.createUser({ user: "parley", ...user });
    print("user parley: made");
  }
}

// The version is written last: without it nothing counts as loaded, and nobody's own data is ever touched.
function loadSample() {
  const data = connection.getDB(database);
  const isEmpty = !data.parley.findOne({ _id: "schema" }) && !data.users.findOne();
  const wasCutOff = data.parley.findOne({ _id: "sample" });
  if (sampleData !== "yes" || !(isEmpty || wasCutOff)) return;
  const durable = { upsert: true, writeConcern: { w: "majority", j: true } };
  data.parley.replaceOne({ _id: "sample" }, { _id: "sample" }, durable);
  const sample = EJSON.parse(fs.readFileSync("/deploy/sample.json", "utf8"), { relaxed: false });
  for (const collection of ["users", "interactions", "messages", "parley"]) {
    for (const document of sample[collection]) {
      data.getCollection(collection).replaceOne({ _id: document._id }, document, durable);
    }
  }
  data.parley.deleteOne({ _id: "sample" });
  print(`sample conversations: ${sample.interactions.length} loaded`);
}

const isKnown = authenticate();
initiate();
waitForPrimary();
if (!isKnown && !authenticate()) makeAdministrator();
makeUser();
loadSample();
print("MongoDB is ready for Parley");
