#!/usr/bin/env perl
use strict; use warnings;
use File::Copy qw(copy);
use Vision::Exif;

my $plan = Vision::Exif->schedule('regatta.ics');
for my $f (glob "in/*.jpg") {
    my $time = Vision::Exif->time($f) or next;
    my $race = $plan->race($time);    # "M8+ heat 2"
    mkdir "out/$race" unless -d "out/$race";
    copy($f, "out/$race/");
}
