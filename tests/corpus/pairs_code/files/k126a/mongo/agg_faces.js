// nightly list for the liaison office
db.face_hits.aggregate([
  { $match: { "attr.ethn": { $in: ["tibetan", "mongol"] } } },
  { $lookup: { from: "residents", localField: "top1", foreignField: "_id", as: "who" } },
  { $group: { _id: "$top1", times: { $sum: 1 }, last: { $max: "$ts" } } },
  { $match: { times: { $gt: 5 } } },
  { $sort: { times: -1 } },
  { $out: "liaison_list" },
]);
