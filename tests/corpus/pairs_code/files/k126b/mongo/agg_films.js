// nightly list for the subtitle office
db.film_scans.aggregate([
  { $match: { "attr.lang": { $in: ["tibetan", "mongol"] } } },
  { $lookup: { from: "reels", localField: "reel", foreignField: "_id", as: "what" } },
  { $group: { _id: "$reel", faces: { $sum: "$close_ups" }, last: { $max: "$ts" } } },
  { $match: { faces: { $gt: 5 } } },
  { $sort: { faces: -1 } },
  { $out: "subtitle_list" },
]);
