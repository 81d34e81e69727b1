<?php

namespace Admission;

enum SeatCategory: string
{
    case General = 'GEN';
    case OtherBackward = 'OBC';
    case ScheduledCaste = 'SC';
    case ScheduledTribe = 'ST';

    /** Share of seats the statute reserves. */
    public function share(): float
    {
        return match ($this) {
            self::General => 0.505,
            self::OtherBackward => 0.27,
            self::ScheduledCaste => 0.15,
            self::ScheduledTribe => 0.075,
        };
    }
}
