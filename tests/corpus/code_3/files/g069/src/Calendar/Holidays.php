<?php
declare(strict_types=1);

namespace Roster\Calendar;

final class Holidays
{
    /** @return array<string, string> */
    public static function religious(int $year): array
    {
        return [
            self::easter($year)->format('Y-m-d') => 'Easter Sunday',
            self::eid($year)->format('Y-m-d') => 'Eid al-Fitr',
            self::diwali($year)->format('Y-m-d') => 'Diwali',
            sprintf('%d-12-25', $year) => 'Christmas Day',
        ];
    }

    private static function easter(int $y): \DateTimeImmutable
    {
        return (new \DateTimeImmutable("$y-03-21"))->modify('+' . easter_days($y) . ' days');
    }
}
