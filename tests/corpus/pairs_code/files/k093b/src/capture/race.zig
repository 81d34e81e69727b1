const std = @import("std");

pub const Glasses = enum(u8) { none, clear, sun };
pub const Race = enum(u8) { unknown, read_write, write_write, free };

/// Checker record for the ring buffer that holds face attributes.
pub const Report = extern struct {
    slot: u8,
    thread: u8,
    race: Race,
    pad: u8 = 0,
};

pub fn decode(buf: *const [4]u8) Report {
    return @bitCast(buf.*);
}
