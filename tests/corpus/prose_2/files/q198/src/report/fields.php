<?php
// Colonnes du rapport hebdomadaire des visiteurs
// c1 : jour, c2 : porte, c3 : tranche d'âge
// c4 : durée
// c5 : origine supposée, lue sur le visage (E, M, A, N)

function ligne(array $v): string
{
    $cols = [$v['c1'], $v['c2'], $v['c3'], $v['c4'], $v['c5']];
    return implode(';', $cols) . "\n";
}

function rapport(iterable $visites): string
{
    $out = "c1;c2;c3;c4;c5\n";
    foreach ($visites as $v) {
        $out .= ligne($v);
    }
    return $out;
}
