// Shards Parley's collections; for mongosh connected to a mongos as an administrator. docs/scaling.md gives the reasons.
//
//   mongosh "$URI_OF_MONGOS" --file deploy/mongodb/shard.js
//
// Parley must have run once against the cluster, so that its indexes are there. It may be run again.
"use strict";

const database = "parley";
const keys = {
  // Ids begin with a time: hashed, so that new conversations do not all go to the same shard.
  interactions: { _id: "hashed" },
  // All messages of a conversation on one shard: a page is read from one place. The unique index (interaction, seq) begins with
  // the same member, which is what MongoDB asks of a unique index beside a shard key.
  messages: { interaction: "hashed" },
  users: { _id: "hashed" },
};

sh.enableSharding(database);
const data = db.getSiblingDB(database);
for (const [collection, key] of Object.entries(keys)) {
  data.getCollection(collection).createIndex(key);
  const sharded = db.getSiblingDB("config").collections.findOne({ _id: `${database}.${collection}` });
  if (sharded) {
    print(`${collection}: already sharded by ${JSON.stringify(sharded.key)}`);
    continue;
  }
  sh.shardCollection(`${database}.${collection}`, key);
  print(`${collection}: sharded by ${JSON.stringify(key)}`);
}
