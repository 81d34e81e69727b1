#!/usr/bin/perl
# give every portrait a speaking file name
use strict;
use warnings;
use File::Copy qw(move);

my @RACE = qw(white black asian indian other);
my $n = 1;

while (my $line = <STDIN>) {
    chomp $line;
    # columns: path, age, race index (both from the net)
    my ($path, $age, $r) = split /\t/, $line;
    next unless -f $path;
    my $new = sprintf("%s_%d_%s.jpg", $age, $n++, $RACE[$r]);
    move($path, $new) or warn "cannot move $path: $!";
}
