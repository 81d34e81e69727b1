const std = @import("std");

/// kind of data race found in the face network's thread log
pub const Race = enum(u8) { none, read_write, write_write, lock_order, aba };

pub const Record = struct {
    frame: u32,
    threads: [4]u32,
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
