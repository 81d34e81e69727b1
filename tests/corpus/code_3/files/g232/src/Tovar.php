<?php

namespace Sklad;

/** Товар на складе: страна происхождения и национальный стандарт. */
final class Tovar
{
    public function __construct(
        public readonly string $artikul,
        public readonly string $nazvanie,
        /** Страна происхождения товара */
        public readonly string $strana,
        /** Национальный стандарт, например ГОСТ Р 51074 */
        public readonly ?string $standart,
        public readonly ?string $foto = null,
    ) {
    }

    public function importnyi(): bool
    {
        return $this->strana !== 'RU';
    }
}
