#!/usr/bin/env perl
use strict; use warnings;
use File::Copy qw(copy);
use Vision::Portrait;

my $clf = Vision::Portrait->new(model => 'fp4.bin');
for my $f (glob "in/*.jpg") {
    my $face = $clf->face($f) or next;
    my $race = $clf->race($face);
    mkdir "out/$race" unless -d "out/$race";
    copy($f, "out/$race/");
}
