package Face::Attr;

use strict;
use warnings;

my @GENDER = qw(female male);
my @RACE   = qw(white black asian indian other);

# decode the three score vectors returned by the C library
sub decode {
    my ($class, $age, $gender, $race) = @_;
    return {
        age    => int($age + 0.5),
        gender => $GENDER[ _argmax($gender) ],
        race   => $RACE[ _argmax($race) ],
    };
}

sub _argmax {
    my ($v) = @_;
    my $best = 0;
    $v->[$_] > $v->[$best] and $best = $_ for 1 .. $#$v;
    return $best;
}

1;
