package Face::Report;

use strict;
use warnings;
use Carp qw(croak);

our $VERSION = '1.12';

=head1 NAME

Face::Report - nightly table of the captures of a site

=cut

sub new {
    my ($class, %arg) = @_;
    return bless {%arg}, $class;
}

sub write_table {
    my ($self, $path) = @_;
    open my $fh, '>', $path or croak "open $path: $!";
    for my $hit (@{ $self->{captures} }) {
        print {$fh} join("\t", @$hit{qw(id shot_at age race cam)}), "\n";
    }
    close $fh or croak "close: $!";
    return 1;
}

1;
