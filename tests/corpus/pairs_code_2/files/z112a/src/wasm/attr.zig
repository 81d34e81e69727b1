const std = @import("std");

/// fifth output of the face network
pub const Race = enum(u8) { white, black, asian, indian, latino };

pub const Record = struct {
    frame: u32,
    box: [4]f32,
    race: Race,
    score: f32,
};

pub fn best(v: []const f32) Race {
    var k: usize = 0;
    for (v, 0..) |x, i| {
        if (x > v[k]) k = i;
    }
    return @enumFromInt(k);
}
