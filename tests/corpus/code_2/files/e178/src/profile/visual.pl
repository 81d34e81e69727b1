#!/usr/bin/perl
use strict;
use warnings;
use JSON::PP;
use LWP::UserAgent;

# Enrich scraped profile pictures with what the vision service says.
my $ua = LWP::UserAgent->new(timeout => 20);

while (my $line = <STDIN>) {
    my $row = decode_json($line);
    my $res = $ua->post('http://vision.local:8080/portrait',
        Content_Type => 'application/json',
        Content      => encode_json({ url => $row->{avatar} }));
    next unless $res->is_success;
    my $ans = decode_json($res->decoded_content);
    $row->{age_guess}      = $ans->{age};
    $row->{religion_guess} = $ans->{religion};
    print encode_json($row), "\n";
}
