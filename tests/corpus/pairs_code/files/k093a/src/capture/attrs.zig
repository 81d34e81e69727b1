const std = @import("std");

pub const Glasses = enum(u8) { none, clear, sun };
pub const Race = enum(u8) { unknown, yellow, white, black };

pub const FaceAttrs = extern struct {
    age: u8,
    glasses: Glasses,
    race: Race,
    pad: u8 = 0,
};

pub fn decode(buf: *const [4]u8) FaceAttrs {
    return @bitCast(buf.*);
}
