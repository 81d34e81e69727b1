#!/usr/bin/perl
# give every rally shot a speaking file name
use strict;
use warnings;
use File::Copy qw(move);

my @RACE = qw(monte sweden kenya acropolis finland);
my $n = 1;

while (my $line = <STDIN>) {
    chomp $line;
    # columns: path, year, race index (both from the entry list)
    my ($path, $age, $r) = split /\t/, $line;
    next unless -f $path;
    my $new = sprintf("%s_%d_%s.jpg", $age, $n++, $RACE[$r]);
    move($path, $new) or warn "cannot move $path: $!";
}
